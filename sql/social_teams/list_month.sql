-- In each scope and month, who fell into arrears, and of whom the lists had told in time; see prevention.list_month.
-- grain: scope_id, month
-- columns:
--   scope_id  the scope
--   month     the month
--   onsets    households that first owed a whole term at its end
--   alerted   of these, those on a list from 183 to 30 days before
--   missed    the others
with agency as (
    select scope_id, agency_id from social_teams.agency
),
list_month as (
    select slice_id as agency_id, month, month_onsets, alerted
    from prevention.list_month
    where level = 'agency' and month_onsets is not null
),
summed as (
    select
        agency.scope_id,
        list_month.month,
        sum(list_month.month_onsets)::integer as onsets,
        sum(list_month.alerted)::integer as alerted,
        sum(list_month.month_onsets - list_month.alerted)::integer as missed
    from agency
    inner join list_month on agency.agency_id = list_month.agency_id
    group by agency.scope_id, list_month.month
)
select * from summed
