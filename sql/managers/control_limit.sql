-- Each monthly flow with the limits that the months before led to expect. Under statistical secrecy there is only its month.
-- grain: flow_id, level, slice_id, month
-- columns:
--   flow_id   the flow
--   level     company, sector or agency
--   slice_id  the slice
--   month     the month
--   observed  the flow of the month; null when withheld
--   expected  what was expected; null where the months before are too few
--   low       lower limit; null where expected is
--   high      upper limit; null where expected is
--   volume    cases behind the month; null when withheld
--   verdict   above, below or none
--   judged    false where there are no limits to hold the month against
-- checks:
--   judged or verdict = 'none'
with control_limit as (
    select flow_id, level, slice_id, month, observed, expected, low, high, volume, verdict, judged, suppressed from kpi.control_limit
),
published as (
    select
        flow_id,
        level,
        slice_id,
        month,
        case when not suppressed then observed end as observed,
        case when not suppressed then expected end as expected,
        case when not suppressed then low end as low,
        case when not suppressed then high end as high,
        case when not suppressed then volume end as volume,
        case when suppressed then 'none' else verdict end as verdict,
        judged and not suppressed as judged
    from control_limit
)
select * from published
