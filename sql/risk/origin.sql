-- One row per date on which risk is asked for: tonight, and the same day of earlier months whose window is over, to learn from and to
-- judge by. On one day of the month more households owe a term than on another: the past is to be asked on the same one. What is
-- known on such a date is what had been booked by then (risk.known_day); habits are read on its last whole month (risk.known_month).
-- grain: as_of
-- columns:
--   as_of           the date
--   is_tonight      true for the date on which the night stands
--   place           0 tonight, 1 for the newest past date, and so on
--   month           month of the date
--   whole_month     last month that is over on that date
--   window_from     first month whose end lies in the window
--   window_to       last one: the horizon counts month ends
--   window_ends_on  its last day
-- checks:
--   window_ends_on > as_of and whole_month < window_from
with night as (
    select as_of from strategy.night
),
risk as (
    select horizon_months, origins_months, least_history_months from strategy.risk
),
closing as (
    select month, is_partial from arrears.closing
),
bounds as (
    select min(month) as first_month, max(month) filter (where not is_partial) as last_month from closing
),
day as (
    select
        closing.month,
        case
            when night.as_of = last_day(night.as_of) then last_day(closing.month)
            else least(closing.month + (day(night.as_of) - 1)::integer, last_day(closing.month))
        end as as_of
    from closing
    cross join night
),
past as (
    select day.as_of, row_number() over (order by day.month desc) as place
    from day
    cross join night
    cross join risk
    cross join bounds
    where day.as_of < night.as_of
        and day.month >= bounds.first_month + to_months(risk.least_history_months)
        and date_trunc('month', day.as_of + 1) + to_months(risk.horizon_months - 1) <= bounds.last_month
),
either as (
    select as_of, true as is_tonight, 0 as place
    from night
    union all
    select past.as_of, false as is_tonight, past.place
    from past
    cross join risk
    where past.place <= risk.origins_months
),
placed as (
    select
        either.as_of,
        either.is_tonight,
        either.place::integer as place,
        date_trunc('month', either.as_of)::date as month,
        (date_trunc('month', either.as_of + 1) - interval 1 month)::date as whole_month,
        date_trunc('month', either.as_of + 1)::date as window_from,
        (date_trunc('month', either.as_of + 1) + to_months(risk.horizon_months - 1))::date as window_to
    from either
    cross join risk
),
with_end as (
    select
        placed.as_of,
        placed.is_tonight,
        placed.place,
        placed.month,
        placed.whole_month,
        placed.window_from,
        placed.window_to,
        last_day(placed.window_to) as window_ends_on
    from placed
)
select * from with_end
