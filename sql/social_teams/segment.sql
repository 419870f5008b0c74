-- How the households of each scope pay at the last closing, in words; and how many came to each type, and left it, since the one before.
-- grain: scope_id, segment
-- columns:
--   scope_id           the scope
--   segment            the type of payment behaviour
--   label_fr           its name
--   description_fr     what its households have in common
--   help_fr            what help fits most of them
--   position           its place in lists
--   households         households of the type
--   share              their share of the scope's
--   share_year_before  the same twelve closings before; null where that is not told
--   moved_in           of these, households that were not of it at the closing before; null where there is none
--   moved_out          households of it then that are not any more; null likewise
-- checks:
--   moved_in <= households
with agency as (
    select scope_id, agency_id from social_teams.agency
),
lease as (
    select lease_id, agency_id from ledger.lease
),
history as (
    select lease_id, month, segment from risk.segment_history
),
meaning as (
    select segment, label_fr, description_fr, help_fr, position from risk.segment_meaning
),
segment_month as (
    select scope_id, segment, month, households, share from social_teams.segment_month
),
closing as (
    select max(month) as month, max(month) > min(month) as has_before from history
),
now as (
    select history.lease_id, history.segment
    from history
    inner join closing on history.month = closing.month
),
before as (
    select history.lease_id, history.segment
    from history
    inner join closing on history.month = closing.month - interval 1 month
),
moved as (
    select
        coalesce(now.lease_id, before.lease_id) as lease_id,
        now.segment as came_to,
        before.segment as left_from
    from now
    full join before on now.lease_id = before.lease_id
    where now.segment is distinct from before.segment
),
placed as (
    select agency.scope_id, moved.came_to, moved.left_from
    from moved
    inner join lease on moved.lease_id = lease.lease_id
    inner join agency on lease.agency_id = agency.agency_id
),
came as (
    select scope_id, came_to as segment, count(*)::integer as households from placed group by scope_id, came_to
),
went as (
    select scope_id, left_from as segment, count(*)::integer as households from placed group by scope_id, left_from
),
told as (
    select
        segment_month.scope_id,
        segment_month.segment,
        meaning.label_fr,
        meaning.description_fr,
        meaning.help_fr,
        meaning.position,
        segment_month.households,
        segment_month.share,
        earlier.share as share_year_before,
        case when closing.has_before then coalesce(came.households, 0) end as moved_in,
        case when closing.has_before then coalesce(went.households, 0) end as moved_out
    from segment_month
    inner join closing on segment_month.month = closing.month
    inner join meaning on segment_month.segment = meaning.segment
    left join segment_month as earlier
        on segment_month.scope_id = earlier.scope_id
        and segment_month.segment = earlier.segment
        and earlier.month = segment_month.month - interval 12 month
    left join came on segment_month.scope_id = came.scope_id and segment_month.segment = came.segment
    left join went on segment_month.scope_id = went.scope_id and segment_month.segment = went.segment
)
select * from told
