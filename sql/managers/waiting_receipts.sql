-- Receipts that wait for their lease, in one row. Nobody is known to have paid them: they tell of the landlord's own work.
-- Euros are rounded to the hundred where they are those of few receipts.
-- grain: as_of
-- columns:
--   as_of             the date on which the figures stand
--   receipts          receipts that wait
--   euros             their euros, whatever their direction
--   rounded           true when the euros are rounded to the hundred
--   candidates        receipts with at least one lease that they may belong to
--   since             the day the oldest of them was received; null when none waits
--   receipts_in_all   receipts of the banks and of the suspense account booked by then
--   share_receipts    share of them whose lease is known
--   share_euros       the same in euros
-- checks:
--   receipts between 0 and receipts_in_all
--   share_receipts between 0 and 1
--   share_euros between 0 and 1
with setting as (
    select disclosure_minimum from strategy.setting
),
night as (
    select as_of from strategy.night
),
receipt as (
    select booked_on, amount from bank.receipt where amount <> 0
),
suspense as (
    select received_on, amount from contract.unmatched_receipt
),
unmatched_receipt as (
    select received_on, amount, candidates from bank.unmatched_receipt
),
told as (
    select booked_on, amount from receipt
    union all
    select received_on as booked_on, amount from suspense
),
known as (
    select count(*)::integer as receipts, coalesce(sum(abs(told.amount)), 0) as euros
    from told
    cross join night
    where told.booked_on <= night.as_of
),
waiting as (
    select
        count(*)::integer as receipts,
        coalesce(sum(abs(amount)), 0) as euros,
        (count(*) filter (where candidates > 0))::integer as candidates,
        min(received_on) as since
    from unmatched_receipt
),
summed as (
    select
        night.as_of,
        waiting.receipts,
        case
            when waiting.receipts <= setting.disclosure_minimum then round(waiting.euros::double, -2)
            else waiting.euros::double
        end as euros,
        waiting.receipts between 1 and setting.disclosure_minimum as rounded,
        waiting.candidates,
        waiting.since,
        known.receipts as receipts_in_all,
        1 - waiting.receipts / nullif(known.receipts, 0) as share_receipts,
        (1 - waiting.euros / nullif(known.euros, 0))::double as share_euros
    from waiting
    cross join known
    cross join night
    cross join setting
)
select * from summed
