-- Every month in which a tenancy paid rent, with what was known at its end and what came in the 3 months after.
-- Grain: tenancy, month of payment (0 is February 2010). Months in which nothing was paid are invisible.
-- day: of the month, of the last payment. bad: paid after the 15th, or less than 99.9% of the rent.
-- eligible: a good month, and at least one of the 3 months after is known. outcome: a bad month among them.
create table account_month as
with
payments as (
    select
        tenancy_id as account,
        (year("paymentDate") - 2010) * 12 + month("paymentDate") - 2 as month,
        day("paymentDate") as day,
        "paymentAmount" as paid,
        "rentAmount" as rent
    from rental_payments
),

months as (
    select
        account,
        month,
        max(day) as day,
        sum(paid) as paid,
        max(rent) as rent
    from payments
    group by account, month
),

judged as (
    select
        *,
        paid / nullif(rent, 0) as paid_share,
        day > 15 or paid < 0.999 * rent as bad
    from months
),

histories as (
    select
        account,
        month,
        bad as in_arrears,
        not bad and count(*) over after > 0 as eligible,
        coalesce(bool_or(bad) over after, false) as outcome,
        bad and not coalesce(any_value(bad) over month_before, false) as is_onset,
        day as day_0,
        any_value(day) over month_before as day_1,
        any_value(day) over two_before as day_2,
        any_value(day) over three_before as day_3,
        avg(day) over last_3 as day_mean_3,
        avg(day) over last_6 as day_mean_6,
        avg(day) over last_12 as day_mean_12,
        avg(day) over past as day_mean_all,
        max(day) over last_3 as day_latest_3,
        max(day) over last_12 as day_latest_12,
        min(day) over last_12 as day_earliest_12,
        stddev_pop(day) over last_12 as day_spread_12,
        avg(day) over last_3 - avg(day) over last_12 as day_trend,
        count(*) filter (day > 5) over last_12 as after_5th_12,
        count(*) filter (day > 10) over last_12 as after_10th_12,
        count(*) filter (bad) over last_3 as bad_3,
        count(*) filter (bad) over last_6 as bad_6,
        count(*) filter (bad) over last_12 as bad_12,
        count(*) filter (bad) over past as bad_all,
        count(*) filter (bad) over past / count(*) over past as bad_share,
        month - max(month) filter (bad) over past as since_bad,
        min(paid_share) over last_12 as least_paid_12,
        count(*) over last_12 as months_paid_12,
        count(*) over past as months_paid,
        month - min(month) over past as tenure,
        rent
    from judged
    window
        past as (partition by account order by month rows between unbounded preceding and current row),
        last_3 as (partition by account order by month range between 2 preceding and current row),
        last_6 as (partition by account order by month range between 5 preceding and current row),
        last_12 as (partition by account order by month range between 11 preceding and current row),
        month_before as (partition by account order by month range between 1 preceding and 1 preceding),
        two_before as (partition by account order by month range between 2 preceding and 2 preceding),
        three_before as (partition by account order by month range between 3 preceding and 3 preceding),
        after as (partition by account order by month range between 1 following and 3 following)
)

select * from histories
