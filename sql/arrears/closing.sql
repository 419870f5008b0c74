-- One row per month of the ledger, with the day on which it is read.
-- The month of the as-of date is read on the as-of date and is partial unless that is its last day.
-- grain: month
-- columns:
--   month       first day of the month
--   closing_on  its last day, or the as-of date for the month under way
--   is_partial  true for a month that is not over
-- checks:
--   closing_on >= month
with night as (
    select as_of from strategy.night
),
posting as (
    select min(booked_on) as first_booked_on from ledger.posting
),
month as (
    select unnest(
        generate_series(
            date_trunc('month', (select first_booked_on from posting)),
            date_trunc('month', (select as_of from night)),
            interval 1 month
        )
    )::date as month
),
closed as (
    select
        month.month,
        least(last_day(month.month), night.as_of) as closing_on,
        last_day(month.month) > night.as_of as is_partial
    from month
    cross join night
)
select * from closed
