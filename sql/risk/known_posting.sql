-- Each entry of a residential lease that adds to principal or pays it, with the days from which it was known to count.
-- An entry counts from the day on which it is both booked and due (a credit: received). Housing benefit reduces a call that was booked
-- before it, where it came by the end of the call's grace days; else it is a credit like another. Fees and court costs are left out.
-- kind: view
-- grain: entry_id
-- per: lease_id
-- columns:
--   entry_id    the entry
--   lease_id    the lease
--   kind        the landlord's kind of entry
--   flow        see ledger.posting
--   amount      euros; debit positive, credit negative
--   counts_on   the day it counts
--   known_on    the day from which it is known to
--   matured_on  of what is asked, and what reduces it: the day from which it is a term; null for what is received
with setting as (
    select grace_days::integer as grace_days from strategy.setting
),
lease as (
    select lease_id from ledger.lease where use = 'residential'
),
posting as (
    select entry_id, lease_id, booked_on, counts_on, term_month, kind, flow, amount
    from ledger.posting
    semi join lease on posting.lease_id = lease.lease_id
    where flow = 'receipt' or component = 'principal'
),
call as (
    select lease_id, term_month, booked_on, due_on, matured_on from risk.known_call
),
benefit as (
    select
        posting.entry_id,
        posting.lease_id,
        posting.kind,
        posting.flow,
        posting.amount,
        posting.counts_on,
        posting.booked_on,
        coalesce(
            call.booked_on <= greatest(posting.booked_on, posting.counts_on) and posting.counts_on <= call.matured_on, false
        ) as is_in_time,
        call.due_on,
        call.matured_on,
        call.booked_on as call_booked_on
    from posting
    left join call on posting.lease_id = call.lease_id and posting.term_month = call.term_month
    where posting.flow = 'benefit'
),
dated as (
    select
        entry_id,
        lease_id,
        kind,
        flow,
        amount,
        counts_on,
        case
            when is_in_time then greatest(booked_on, call_booked_on, due_on)
            else greatest(booked_on, counts_on)
        end as known_on,
        case when is_in_time then greatest(booked_on, matured_on) end as matured_on
    from benefit
    union all
    select
        posting.entry_id,
        posting.lease_id,
        posting.kind,
        posting.flow,
        posting.amount,
        posting.counts_on,
        greatest(posting.booked_on, posting.counts_on) as known_on,
        case
            when posting.amount > 0 then greatest(posting.booked_on, posting.counts_on + setting.grace_days)
            when posting.flow = 'call' then greatest(posting.booked_on, posting.counts_on)
        end as matured_on
    from posting
    cross join setting
    where posting.flow <> 'benefit'
)
select * from dated
