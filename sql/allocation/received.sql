-- What was received from tenants each month under each allocation policy, and how much of it fees and court costs took; and the
-- fees charged. Receipts are money received less money taken back (a rejected payment), housing benefit and rent rebate apart. What
-- fees and court costs took counts in the month of the imputation. Residential leases, present or departed at the month's closing.
-- grain: policy, agency_id, month, status
-- columns:
--   policy        as_booked, principal_first or legal_default
--   agency_id     today's agency
--   month         first day of the month in which the money counts
--   is_partial    true for the month under way
--   status        present, or departed once the lease has ended
--   received      euros received
--   outside       euros that fees and court costs took, less those given back by a fee given up after it was paid
--   lettered      euros received that the landlord lettered; zero under the other policies
--   fees_charged  fees that fell due, less those cancelled
--   payers        leases from which money was received
-- checks:
--   payers >= 0
with policy as (
    select policy, way from allocation.policy
),
closing as (
    select month, closing_on, is_partial from arrears.closing
),
lease as (
    select lease_id, agency_id, end_on from ledger.lease where use = 'residential'
),
posting as (
    select lease_id, counts_on, kind, flow, component, amount from ledger.posting
),
component_due as (
    select way, lease_id, on_date, fee_paid + court_cost_paid as paid from allocation.component_due
),
lettered as (
    select lease_id, received_on, amount from allocation.lettered where is_receipt
),
money as (
    select
        lease_id,
        date_trunc('month', counts_on)::date as month,
        counts_on,
        case when flow = 'receipt' then -amount else 0 end as received,
        case when flow = 'fee' then amount else 0 end as fees_charged
    from posting
    where (flow = 'receipt' and kind not in ('housing_benefit', 'rent_rebate')) or (flow = 'fee' and component = 'fee')
),
by_lease as (
    select
        money.lease_id,
        money.month,
        sum(money.received) as received,
        sum(money.fees_charged) as fees_charged
    from money
    inner join closing on money.month = closing.month and money.counts_on <= closing.closing_on
    group by money.lease_id, money.month
),
last_paid as (
    select
        component_due.way,
        component_due.lease_id,
        date_trunc('month', component_due.on_date)::date as month,
        arg_max(component_due.paid, component_due.on_date) as paid
    from component_due
    where component_due.on_date <= (select max(closing_on) from closing)
    group by 1, 2, 3
),
took as (
    select
        way,
        lease_id,
        month,
        paid - coalesce(lag(paid) over (partition by way, lease_id order by month), 0) as outside
    from last_paid
),
own_lease as (
    select distinct way, lease_id from took where way <> 'legal_default'
),
took_by_policy as (
    select policy.policy, took.lease_id, took.month, took.outside
    from took
    inner join policy on took.way = policy.way
    union all
    select policy.policy, took.lease_id, took.month, took.outside
    from took
    inner join policy on took.way = 'legal_default' and policy.way <> 'legal_default'
    anti join own_lease on policy.way = own_lease.way and took.lease_id = own_lease.lease_id
),
lettered_by_lease as (
    select lease_id, date_trunc('month', received_on)::date as month, sum(amount) as lettered
    from lettered
    group by 1, 2
),
money_by_agency as (
    select
        lease.agency_id,
        closing.month,
        case when lease.end_on is null or lease.end_on > closing.closing_on then 'present' else 'departed' end as status,
        sum(by_lease.received) as received,
        sum(by_lease.fees_charged) as fees_charged,
        count(*) filter (where by_lease.received > 0) as payers
    from by_lease
    inner join lease on by_lease.lease_id = lease.lease_id
    inner join closing on by_lease.month = closing.month
    group by 1, 2, 3
),
outside_by_agency as (
    select
        took_by_policy.policy,
        lease.agency_id,
        closing.month,
        case when lease.end_on is null or lease.end_on > closing.closing_on then 'present' else 'departed' end as status,
        sum(took_by_policy.outside) as outside
    from took_by_policy
    inner join lease on took_by_policy.lease_id = lease.lease_id
    inner join closing on took_by_policy.month = closing.month
    group by 1, 2, 3, 4
),
lettered_by_agency as (
    select
        lease.agency_id,
        closing.month,
        case when lease.end_on is null or lease.end_on > closing.closing_on then 'present' else 'departed' end as status,
        sum(lettered_by_lease.lettered) as lettered
    from lettered_by_lease
    inner join lease on lettered_by_lease.lease_id = lease.lease_id
    inner join closing on lettered_by_lease.month = closing.month
    group by 1, 2, 3
),
flow as (
    select
        policy.policy,
        money_by_agency.agency_id,
        money_by_agency.month,
        money_by_agency.status,
        money_by_agency.received,
        0 as outside,
        0 as lettered,
        money_by_agency.fees_charged,
        money_by_agency.payers
    from money_by_agency
    cross join policy
    union all
    select policy, agency_id, month, status, 0 as received, outside, 0 as lettered, 0 as fees_charged, 0 as payers
    from outside_by_agency
    union all
    select 'as_booked' as policy, agency_id, month, status, 0 as received, 0 as outside, lettered, 0 as fees_charged, 0 as payers
    from lettered_by_agency
),
summed as (
    select
        flow.policy,
        flow.agency_id,
        flow.month,
        closing.is_partial,
        flow.status,
        sum(flow.received)::decimal(18, 2) as received,
        sum(flow.outside)::decimal(18, 2) as outside,
        sum(flow.lettered)::decimal(18, 2) as lettered,
        sum(flow.fees_charged)::decimal(18, 2) as fees_charged,
        sum(flow.payers)::integer as payers
    from flow
    inner join closing on flow.month = closing.month
    group by flow.policy, flow.agency_id, flow.month, closing.is_partial, flow.status
)
select * from summed
