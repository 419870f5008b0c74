-- One row per agency and day of booking: what was booked on the accounts of its homes, in euros.
-- grain: agency_id, booked_on
-- columns:
--   agency_id            today's agency
--   booked_on            the day
--   billed               principal asked: rent, charges, supplements, adjustments, repairs, deposits
--   balance              all entries: by how much the accounts rose
--   carried_over         opening balances of principal
--   outside_principal    fees and court costs asked, given up or carried over
--   written_off          principal written off
--   fees_written_off     fees and court costs written off
--   received             receipts and benefit of every payer, less what was taken back
--   benefit              the part that is housing benefit and rent rebate
--   from_third_parties   the part that guarantors, FSL and others than the tenant and the benefit office paid
-- checks:
--   balance = billed + carried_over + outside_principal - written_off - received
with posting as not materialized (
    select lease_id, booked_on, kind, flow, component, amount, payer from ledger.posting
),
lease as (
    select lease_id, agency_id from ledger.lease where use = 'residential'
),
by_day as (
    select
        lease.agency_id,
        posting.booked_on,
        coalesce(sum(posting.amount) filter (where posting.flow in ('call', 'billing')), 0)::decimal(18, 2) as billed,
        sum(posting.amount)::decimal(18, 2) as balance,
        coalesce(
            sum(posting.amount) filter (where posting.flow = 'opening' and posting.component = 'principal'), 0
        )::decimal(18, 2) as carried_over,
        coalesce(
            sum(posting.amount) filter (where posting.component <> 'principal' and posting.flow not in ('receipt', 'benefit')), 0
        )::decimal(18, 2) as outside_principal,
        coalesce(
            -sum(posting.amount) filter (where posting.flow = 'write_off' and posting.component = 'principal'), 0
        )::decimal(18, 2) as written_off,
        coalesce(
            -sum(posting.amount) filter (where posting.flow = 'write_off' and posting.component <> 'principal'), 0
        )::decimal(18, 2) as fees_written_off,
        coalesce(-sum(posting.amount) filter (where posting.flow in ('receipt', 'benefit')), 0)::decimal(18, 2) as received,
        coalesce(
            -sum(posting.amount) filter (where posting.kind in ('housing_benefit', 'rent_rebate')), 0
        )::decimal(18, 2) as benefit,
        coalesce(
            -sum(posting.amount) filter (
                where posting.flow in ('receipt', 'benefit')
                and posting.kind not in ('housing_benefit', 'rent_rebate')
                and posting.payer <> 'tenant'
            ),
            0
        )::decimal(18, 2) as from_third_parties
    from posting
    inner join lease on posting.lease_id = lease.lease_id
    group by lease.agency_id, posting.booked_on
)
select * from by_day
