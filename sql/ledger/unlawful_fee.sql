-- One row per fee that the law forbids and that was charged all the same: a kind forbidden that day (strategy, rules.fees: reminders
-- and collection in France, loi 89-462 art. 4 p and CPCE L111-8), to a residential lease, before any enforceable title. Acts that
-- the law prescribes, such as the notice to pay, are no forbidden kind. A fee taken back later was charged all the same.
-- grain: entry_id
-- columns:
--   entry_id       the fee's entry
--   lease_id       the lease
--   agency_id      today's agency
--   charged_on     the day it was booked
--   fee_kind       what it was charged for
--   amount         euros
--   taken_back_on  the day an entry took it back; null where none did
-- checks:
--   amount > 0
with night as (
    select as_of from strategy.night
),
forbidden_fee as (
    select fee_kind, from_on, to_on from strategy.forbidden_fee
),
entry as (
    select id, lease_id, booked_on, kind, fee_kind, amount, reversal_of
    from ledger.entry
    where kind = 'fee' and booked_on <= (select as_of from night)
),
action as (
    select lease_id, action_on from contract.action where kind = 'enforceable_title'
),
lease as (
    select lease_id, agency_id from ledger.lease where use = 'residential'
),
title as (
    select lease_id, min(action_on) as titled_on from action group by lease_id
),
taken_back as (
    select reversal_of as entry_id, min(booked_on) as taken_back_on
    from entry
    where reversal_of is not null and amount < 0
    group by reversal_of
),
forbidden as (
    select distinct entry.id, entry.lease_id, entry.booked_on, entry.fee_kind, entry.amount
    from entry
    inner join forbidden_fee
        on entry.fee_kind::varchar = forbidden_fee.fee_kind
        and entry.booked_on >= coalesce(forbidden_fee.from_on, entry.booked_on)
        and entry.booked_on <= coalesce(forbidden_fee.to_on, entry.booked_on)
    where entry.amount > 0
),
unlawful as (
    select
        forbidden.id as entry_id,
        forbidden.lease_id,
        lease.agency_id,
        forbidden.booked_on as charged_on,
        forbidden.fee_kind::varchar as fee_kind,
        forbidden.amount,
        taken_back.taken_back_on
    from forbidden
    inner join lease on forbidden.lease_id = lease.lease_id
    left join title on forbidden.lease_id = title.lease_id
    left join taken_back on forbidden.id = taken_back.entry_id
    where title.titled_on is null or title.titled_on > forbidden.booked_on
)
select * from unlawful
