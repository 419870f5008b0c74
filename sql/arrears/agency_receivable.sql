-- One row per agency and month: what its present tenants owe in principal, due or not, at the month end and at its start,
-- and what they were billed in between. Residential only; benefit counts when it reduces a call or is credited.
-- A tenant's credit waits for the tenant's own next call, and never offsets another's debt. The start is that of the tenants
-- present at the end, whatever agency or ledger their accounts came from: an opening balance booked in the month stands in it.
-- grain: agency_id, month
-- columns:
--   agency_id    today's agency
--   month        the month
--   is_partial   true for the month under way
--   opening      principal receivable at the month end before; null in the first month
--   billed       principal billed in the month: calls, adjustments, repairs
--   receivable   principal receivable at the month end
--   overdue      the part that is due
--   not_yet_due  the part that is only waiting for its due date
--   leases       present leases
--   in_debt      present leases with principal due
-- checks:
--   receivable = overdue + not_yet_due
--   overdue >= 0 and not_yet_due >= 0
with posting as not materialized (
    select lease_id, booked_on, counts_on, kind, flow, component, amount
    from ledger.posting
    where kind in ('charges_adjustment', 'repairs', 'adjustment', 'deposit', 'opening_balance')
),
call as (
    select lease_id, booked_on, due_on, gross_call from ledger.call
),
closing as (
    select month, closing_on, is_partial from arrears.closing
),
lease_month as not materialized (
    select lease_id, month, is_partial, agency_id, principal_due
    from arrears.lease_month
    where use = 'residential' and status = 'present'
),
lease as (
    select lease_id, agency_id, start_on, end_on from ledger.lease where use = 'residential'
),
bounds as (
    select max(month) as last_month, max(closing_on) as last_day from closing
),
asked as (
    select lease_id, booked_on, due_on, gross_call as amount, gross_call as billed from call
    union all
    select lease_id, booked_on, counts_on as due_on, amount, case when flow = 'billing' then amount else 0 end as billed
    from posting
    where component = 'principal' and flow in ('billing', 'opening')
),
placed as (
    select
        asked.lease_id,
        lease.agency_id,
        lease.start_on,
        lease.end_on,
        date_trunc('month', greatest(asked.booked_on, lease.start_on))::date as booked_month,
        case
            when asked.due_on > bounds.last_day then bounds.last_month
            else (date_trunc('month', asked.due_on) - interval 1 month)::date
        end as ahead_until,
        asked.amount,
        asked.billed
    from asked
    inner join lease on asked.lease_id = lease.lease_id
    cross join bounds
),
ahead as (
    select lease_id, agency_id, start_on, end_on, booked_month as month, amount
    from placed
    where ahead_until >= booked_month and amount > 0
    union all
    select
        lease_id,
        agency_id,
        start_on,
        end_on,
        unnest(generate_series(booked_month + interval 1 month, ahead_until, interval 1 month))::date as month,
        amount
    from placed
    where ahead_until > booked_month and amount > 0
),
next_closing as (
    select
        month,
        closing_on,
        lead(month) over (order by month) as next_month,
        lead(closing_on) over (order by month) as next_closing_on
    from closing
),
ahead_by_agency as (
    select
        ahead.agency_id,
        next_closing.month,
        sum(ahead.amount) as at_end,
        sum(ahead.amount) filter (where ahead.end_on is null or ahead.end_on > next_closing.next_closing_on) as at_next_start
    from ahead
    inner join next_closing on ahead.month = next_closing.month
    where ahead.start_on <= next_closing.closing_on and (ahead.end_on is null or ahead.end_on > next_closing.closing_on)
    group by ahead.agency_id, next_closing.month
),
in_credit as (
    select lease_id, month, -principal_due as credit from lease_month where principal_due < 0
),
used as (
    select
        in_credit.lease_id,
        in_credit.month,
        ahead.agency_id,
        ahead.end_on,
        least(any_value(in_credit.credit), sum(ahead.amount)) as amount
    from ahead
    inner join in_credit on ahead.lease_id = in_credit.lease_id and ahead.month = in_credit.month
    group by in_credit.lease_id, in_credit.month, ahead.agency_id, ahead.end_on
),
used_by_agency as (
    select
        used.agency_id,
        used.month,
        sum(used.amount) as at_end,
        sum(used.amount) filter (where used.end_on is null or used.end_on > next_closing.next_closing_on) as at_next_start
    from used
    inner join next_closing on used.month = next_closing.month
    group by used.agency_id, used.month
),
due_by_agency as (
    select
        lease_month.agency_id,
        lease_month.month,
        any_value(lease_month.is_partial) as is_partial,
        count(*) as leases,
        count(*) filter (where lease_month.principal_due > 0) as in_debt,
        coalesce(sum(lease_month.principal_due) filter (where lease_month.principal_due > 0), 0) as at_end,
        coalesce(
            sum(lease_month.principal_due) filter (
                where lease_month.principal_due > 0 and (lease.end_on is null or lease.end_on > next_closing.next_closing_on)
            ),
            0
        ) as at_next_start
    from lease_month
    inner join lease on lease_month.lease_id = lease.lease_id
    inner join next_closing on lease_month.month = next_closing.month
    group by lease_month.agency_id, lease_month.month
),
billed_by_agency as (
    select
        placed.agency_id,
        placed.booked_month as month,
        sum(placed.billed) as billed,
        sum(placed.amount - placed.billed) as carried_over
    from placed
    inner join closing on placed.booked_month = closing.month
    where placed.end_on is null or placed.end_on > closing.closing_on
    group by placed.agency_id, placed.booked_month
),
at_end as (
    select
        due_by_agency.agency_id,
        due_by_agency.month,
        due_by_agency.is_partial,
        due_by_agency.leases,
        due_by_agency.in_debt,
        due_by_agency.at_end as overdue,
        coalesce(ahead_by_agency.at_end, 0) - coalesce(used_by_agency.at_end, 0) as not_yet_due,
        due_by_agency.at_next_start + coalesce(ahead_by_agency.at_next_start, 0) - coalesce(used_by_agency.at_next_start, 0)
            as next_opening,
        next_closing.next_month
    from due_by_agency
    inner join next_closing on due_by_agency.month = next_closing.month
    left join ahead_by_agency
        on due_by_agency.agency_id = ahead_by_agency.agency_id and due_by_agency.month = ahead_by_agency.month
    left join used_by_agency
        on due_by_agency.agency_id = used_by_agency.agency_id and due_by_agency.month = used_by_agency.month
),
told as (
    select
        at_end.agency_id,
        at_end.month,
        at_end.is_partial,
        case
            when at_end.month > (select min(month) from closing)
                then (coalesce(before.next_opening, 0) + coalesce(billed_by_agency.carried_over, 0))::decimal(18, 2)
        end as opening,
        coalesce(billed_by_agency.billed, 0)::decimal(18, 2) as billed,
        (at_end.overdue + at_end.not_yet_due)::decimal(18, 2) as receivable,
        at_end.overdue::decimal(18, 2) as overdue,
        at_end.not_yet_due::decimal(18, 2) as not_yet_due,
        at_end.leases::integer as leases,
        at_end.in_debt::integer as in_debt
    from at_end
    left join at_end as before on at_end.agency_id = before.agency_id and at_end.month = before.next_month
    left join billed_by_agency
        on at_end.agency_id = billed_by_agency.agency_id and at_end.month = billed_by_agency.month
)
select * from told
