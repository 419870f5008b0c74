-- The fees that the law forbids and that were charged all the same, case by case, for those who must take them back. Written to the
-- night's restricted exports, never to a site.
-- grain: entry_id
-- per: lease_id
-- columns:
--   entry_id       the fee's entry
--   lease_id       the lease
--   household_id   the household
--   agency_id      today's agency
--   charged_on     the day it was booked
--   fee_kind       what it was charged for
--   amount         euros
--   taken_back_on  the day an entry took it back; null where none did
--   status         present, or departed once the lease has ended
with night as (
    select as_of from strategy.night
),
unlawful_fee as (
    select entry_id, lease_id, agency_id, charged_on, fee_kind, amount, taken_back_on from ledger.unlawful_fee
),
lease as (
    select lease_id, household_id, end_on from ledger.lease
),
listed as (
    select
        unlawful_fee.entry_id,
        unlawful_fee.lease_id,
        lease.household_id,
        unlawful_fee.agency_id,
        unlawful_fee.charged_on,
        unlawful_fee.fee_kind,
        unlawful_fee.amount,
        unlawful_fee.taken_back_on,
        case when lease.end_on is null or lease.end_on > night.as_of then 'present' else 'departed' end as status
    from unlawful_fee
    inner join lease on unlawful_fee.lease_id = lease.lease_id
    cross join night
)
select * from listed
