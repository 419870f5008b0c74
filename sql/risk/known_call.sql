-- Each call of a residential lease as it was known once its first line was booked; what is booked of it later changes nothing here.
-- grain: lease_id, term_month
-- per: lease_id
-- columns:
--   lease_id    the lease
--   term_month  the month billed
--   booked_on   the day its first line was booked
--   due_on      due date of that line
--   matured_on  the day from which it is a term when unpaid: its grace days are over, and it is booked
with setting as (
    select grace_days::integer as grace_days from strategy.setting
),
lease as (
    select lease_id from ledger.lease where use = 'residential'
),
posting as (
    select lease_id, term_month, booked_on, counts_on
    from ledger.posting
    semi join lease on posting.lease_id = lease.lease_id
    where flow = 'call' and amount > 0
),
line as (
    select
        posting.lease_id,
        posting.term_month,
        posting.booked_on,
        posting.counts_on,
        greatest(posting.booked_on, posting.counts_on + setting.grace_days) as matured_on
    from posting
    cross join setting
),
call as (
    select
        lease_id,
        term_month,
        min(booked_on) as booked_on,
        arg_min(counts_on, row(booked_on, counts_on)) as due_on,
        arg_min(matured_on, row(booked_on, counts_on)) as matured_on
    from line
    group by lease_id, term_month
)
select * from call
