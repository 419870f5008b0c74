-- One row per month that is told, with the day on which it is read.
-- The month of the as-of date is read on the as-of date and is partial unless that is its last day. History begins with
-- the ledger, but no earlier than the strategy allows: entries booked before it stand in the balances of the first month.
-- grain: month
-- columns:
--   month       first day of the month
--   closing_on  its last day, or the as-of date for the month under way
--   is_partial  true for a month that is not over
-- checks:
--   closing_on >= month
with setting as (
    select history_months, history_least_share from strategy.setting
),
night as (
    select as_of from strategy.night
),
posting as (
    select booked_on from ledger.posting
),
by_month as (
    select date_trunc('month', booked_on)::date as month, count(*) as entries from posting group by 1
),
begun as (
    select month, sum(entries) over (order by month) as so_far, sum(entries) over () as in_all
    from by_month
),
first_month as (
    select greatest(min(begun.month), date_trunc('month', night.as_of) - to_months(setting.history_months - 1))::date as month
    from begun
    cross join setting
    cross join night
    where begun.so_far >= begun.in_all * setting.history_least_share
    group by night.as_of, setting.history_months
),
month as (
    select unnest(
        generate_series(
            (select month from first_month), date_trunc('month', (select as_of from night)), interval 1 month
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
