-- Month by month, who fell into arrears and of whom the lists had told in time. A month with few such households is withheld, and
-- a second one with it where it would be the only one; all are where their sum is.
-- grain: month
-- columns:
--   month       the month
--   onsets      households that first owed a whole term at its end; null where withheld, as below
--   alerted     of these, those on a list from 183 to 30 days before
--   missed      the others
--   suppressed  whether the figures are withheld
-- checks:
--   suppressed = (onsets is null)
with setting as (
    select disclosure_minimum from strategy.setting
),
published as (
    select month_onsets is null as suppressed from prevention.published_value where level = 'company'
),
list_month as (
    select month, month_onsets as onsets, alerted, month_onsets - alerted as missed
    from prevention.list_month
    where level = 'company' and month_onsets is not null
),
judged as (
    select
        list_month.month,
        list_month.onsets,
        list_month.alerted,
        list_month.missed,
        list_month.onsets between 1 and setting.disclosure_minimum
        or list_month.alerted between 1 and setting.disclosure_minimum
        or list_month.missed between 1 and setting.disclosure_minimum as is_few
    from list_month
    cross join setting
),
placed as (
    select
        *,
        count(*) filter (where is_few) over () as few,
        row_number() over (order by is_few, onsets, month) as place
    from judged
),
decided as (
    select placed.*, published.suppressed or placed.is_few or (placed.few = 1 and placed.place = 1) as suppressed
    from placed
    cross join published
),
told as (
    select
        month,
        case when not suppressed then onsets end as onsets,
        case when not suppressed then alerted end as alerted,
        case when not suppressed then missed end as missed,
        suppressed
    from decided
)
select * from told
