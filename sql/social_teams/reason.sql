-- Why each household on tonight's lists is there: what raises its score, then what lowers it, the weightiest first.
-- grain: scope_id, lease_id, position
-- per: lease_id
-- columns:
--   scope_id      the scope
--   lease_id      the lease
--   position      its place
--   side          raises or lowers
--   reason_code   what the reason is made of
--   reason_fr     the same in a few words, to choose by
--   text_fr       the reason, in words
--   contribution  what it adds to the logarithm of the odds
--   share         its size over that of the household's weightiest reason
-- checks:
--   share between 0 and 1
with agency as (
    select scope_id, agency_id from social_teams.agency
),
list as (
    select lease_id, agency_id from prevention.list where not in_shadow
),
reason as (
    select lease_id, position, side, reason_code, text_fr, contribution from risk.reason where question = 'onset'
),
feature_meaning as (
    select feature, label_fr from risk.feature_meaning
),
told as (
    select
        agency.scope_id,
        list.lease_id,
        reason.position,
        reason.side,
        reason.reason_code,
        coalesce(upper(left(feature_meaning.label_fr, 1)) || substring(feature_meaning.label_fr, 2), reason.text_fr) as reason_fr,
        reason.text_fr,
        reason.contribution,
        abs(reason.contribution)
        / max(abs(reason.contribution)) over (partition by agency.scope_id, list.lease_id) as share
    from list
    inner join agency on list.agency_id = agency.agency_id
    inner join reason on list.lease_id = reason.lease_id
    left join feature_meaning on reason.reason_code = feature_meaning.feature
)
select * from told
