-- The households on tonight's lists, the likeliest to fall first, for the team that answers for their agency. A list made in shadow
-- is given to nobody. Of what is known to reach a household only names leave, that of a legal representative under guardianship.
-- grain: scope_id, lease_id
-- columns:
--   scope_id           the scope
--   lease_id           the lease
--   position           its place in the scope
--   agency_id          today's agency
--   agency_fr          its name
--   name_fr            civility and name; null where the landlord gives none
--   representative_fr  whom to speak to instead; null where it is the household
--   entered_on         first day of the lease
--   probability        probability to owe a whole term at a month end within the horizon
--   of_100             the same, of 100 households alike
--   horizon_on         the last of these month ends
--   place              place on the agency's list
--   kept               whether it was on the last list
--   listed_since       first night of the lists in a row that hold it
--   stratum_fr         its past, in words
--   segment            how it pays
--   segment_fr         the same in words
--   help_fr            the help that fits best
--   other_help_fr      another one; null where there is none
--   channel_fr         how to offer it
--   freshness_days     days between the newest entry that the score rests on and the night
--   expires_on         day from which the score counts no more
--   months             its last months as JSON: month, kind of payment, share of the call paid by its end, days late, payments sent back
-- checks:
--   of_100 between 0 and 100
with agency as (
    select scope_id, agency_id, agency_fr from social_teams.agency
),
list as (
    select lease_id, household_id, agency_id, place, kept, listed_since, probability, stratum from prevention.list where not in_shadow
),
origin as (
    select window_ends_on from risk.origin where is_tonight
),
score as (
    select lease_id, freshness_days, expires_on from risk.score where question = 'onset'
),
lease as (
    select lease_id, start_on from ledger.lease
),
contact as (
    select household_id, civility, name, legal_representative from contract.household_contact
),
segment as (
    select lease_id, segment from risk.segment
),
meaning as (
    select segment, label_fr from risk.segment_meaning
),
help as (
    select
        lease_id,
        max(label_fr) filter (where position = 1) as help_fr,
        max(label_fr) filter (where position = 2) as other_help_fr,
        max(channel_fr) filter (where position = 1) as channel_fr
    from prevention.help
    group by lease_id
),
strip as (
    select lease_id, month, kind, share_paid, days_late, rejections from risk.payment_strip
),
paid as (
    select
        lease_id,
        to_json(
            list(
                [
                    to_json(strftime(month, '%Y-%m')),
                    to_json(kind),
                    to_json(round(share_paid::double, 2)),
                    to_json(days_late),
                    to_json(rejections)
                ]
                order by month
            )
        )::varchar as months
    from strip
    group by lease_id
),
told as (
    select
        agency.scope_id,
        list.lease_id,
        row_number() over (
            partition by agency.scope_id
            order by list.probability desc, list.place, md5(list.lease_id)
        )::integer as position,
        list.agency_id,
        agency.agency_fr,
        nullif(trim(concat_ws(' ', contact.civility, contact.name)), '') as name_fr,
        contact.legal_representative as representative_fr,
        lease.start_on as entered_on,
        list.probability,
        round(100 * list.probability)::integer as of_100,
        origin.window_ends_on as horizon_on,
        list.place,
        list.kept,
        list.listed_since,
        case list.stratum
            when 'new_entrant' then 'Nouvel entrant'
            when 'never' then 'Jamais d’impayé'
            when 'clean' then 'Sans impayé depuis longtemps'
            else 'Déjà eu un impayé'
        end as stratum_fr,
        segment.segment,
        meaning.label_fr as segment_fr,
        help.help_fr,
        help.other_help_fr,
        help.channel_fr,
        score.freshness_days,
        score.expires_on,
        paid.months
    from list
    inner join agency on list.agency_id = agency.agency_id
    inner join score on list.lease_id = score.lease_id
    inner join lease on list.lease_id = lease.lease_id
    cross join origin
    left join contact on list.household_id = contact.household_id
    left join segment on list.lease_id = segment.lease_id
    left join meaning on segment.segment = meaning.segment
    left join help on list.lease_id = help.lease_id
    left join paid on list.lease_id = paid.lease_id
)
select * from told
