-- Receipts that wait for their lease, by the month in which they were received and the account that received them. Months
-- more than a year old are one row. Euros are rounded to the hundred: a row may hold one receipt only.
-- grain: account, month
-- columns:
--   account   the end of the landlord's account number; suspense for its own suspense account
--   month     the month; the last one of those that are more than a year old
--   earlier   true for the row of all months more than a year old
--   receipts  receipts that wait
--   euros     their euros, whatever their direction, rounded to the hundred
-- checks:
--   receipts > 0
with night as (
    select as_of from strategy.night
),
unmatched_receipt as (
    select account, received_on, amount from bank.unmatched_receipt
),
placed as (
    select
        coalesce(right(unmatched_receipt.account, 4), 'suspense') as account,
        date_trunc('month', unmatched_receipt.received_on)::date as month,
        (date_trunc('month', night.as_of) - interval 12 month)::date as year_before,
        unmatched_receipt.amount
    from unmatched_receipt
    cross join night
),
summed as (
    select
        account,
        greatest(month, year_before) as month,
        month <= year_before as earlier,
        count(*)::integer as receipts,
        round(sum(abs(amount)), -2)::double as euros
    from placed
    group by all
)
select * from summed
