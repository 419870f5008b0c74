-- What fees and court costs took of the money received, as it was known on each day: what a household owes is told by it, though no
-- feature is. One row per lease with any such charge, and day from which something of its account is known to count.
-- The ranking of the chosen allocation policy, each debt of a rank after all of the ranks before it; what the landlord lettered is not
-- looked at. What a rank leaves unpaid is never more than all that is unpaid, and only charges raise it: see allocation.component_due, which tells
-- the same as of tonight.
-- grain: lease_id, known_on
-- per: lease_id
-- columns:
--   lease_id  the lease
--   known_on  the day
--   taken     euros received by then that stand on fees and court costs
with policy as (
    select rank_1, rank_3 from allocation.policy where is_chosen
),
lease as (
    select lease_id from ledger.lease where use = 'residential'
),
ledger_posting as (
    select lease_id, booked_on, counts_on, component, flow, amount from ledger.posting
),
known_amount as (
    select lease_id, known_on, matured_on, amount from risk.known_amount
),
charge as (
    select
        ledger_posting.lease_id,
        greatest(ledger_posting.booked_on, ledger_posting.counts_on) as known_on,
        ledger_posting.amount,
        ledger_posting.component = policy.rank_1 or policy.rank_3 = 'principal' as is_before
    from ledger_posting
    semi join lease on ledger_posting.lease_id = lease.lease_id
    cross join policy
    where ledger_posting.component in ('fee', 'court_cost') and ledger_posting.flow <> 'receipt'
),
charged as (
    select distinct lease_id from charge
),
event as (
    select
        known_amount.lease_id,
        known_amount.known_on,
        known_amount.amount as principal,
        if(known_amount.matured_on is null, 0, known_amount.amount) as asked,
        0 as before,
        0 as after
    from known_amount
    semi join charged on known_amount.lease_id = charged.lease_id
    union all
    select lease_id, known_on, 0 as principal, 0 as asked, if(is_before, amount, 0) as before, if(is_before, 0, amount) as after
    from charge
),
by_day as (
    select
        lease_id,
        known_on,
        sum(principal) as principal,
        sum(asked) as asked,
        sum(before) as before,
        sum(after) as after
    from event
    group by lease_id, known_on
),
running as (
    select
        lease_id,
        known_on,
        sum(principal) over so_far as principal,
        sum(asked) over so_far as asked,
        sum(before) over so_far as before,
        sum(after) over so_far as after,
        sum(principal + before + after) over so_far as due
    from by_day
    window so_far as (partition by lease_id order by known_on)
),
last_rank as (
    select
        *,
        greatest(after + least(0, min(greatest(due, 0) - after) over so_far), 0) as after_unpaid
    from running
    window so_far as (partition by lease_id order by known_on)
),
shared as (
    select
        *,
        greatest(due, 0) - after_unpaid as others_unpaid,
        asked + least(0, min(greatest(due, 0) - after_unpaid - asked) over so_far) as principal_unpaid
    from last_rank
    window so_far as (partition by lease_id order by known_on)
),
imputed as (
    select
        lease_id,
        known_on,
        (
            case
                when due <= 0 then due
                when before = 0 then others_unpaid
                else greatest(least(principal_unpaid, others_unpaid), 0)
            end - principal
        )::decimal(14, 2) as taken
    from shared
)
select * from imputed
