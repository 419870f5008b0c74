-- One row per lease and day on which what is due changes: debits on their due date, credits on their value date.
-- A call is counted net: benefit that reduces it in time counts on the call's own due date.
-- grain: lease_id, on_date
-- per: lease_id
-- columns:
--   lease_id              the lease
--   on_date               the day
--   principal             principal that falls due, net of timely benefit
--   fee                   fees that fall due
--   court_cost            court costs that fall due
--   credit                receipts and other credits that any component may take
--   principal_credit      credits meant for principal alone: the debtor's choice, a write-off, a correction
--   fee_credit            credits meant for fees alone
--   court_cost_credit     credits meant for court costs alone
--   total_principal       principal that has fallen due up to and with the day
--   total_credit          credits of every kind up to and with the day
--   balance               what has fallen due less what was credited, up to and with the day; credit negative
-- checks:
--   principal >= 0 and fee >= 0 and court_cost >= 0
--   credit >= 0 and principal_credit >= 0 and fee_credit >= 0 and court_cost_credit >= 0
with setting as (
    select grace_days from strategy.setting
),
posting as (
    select lease_id, term_month, counts_on, flow, component, amount from ledger.posting
),
call as (
    select lease_id, term_month, due_on, gross_call, benefit from ledger.call
),
call_part as (
    select lease_id, due_on, amount from ledger.call_part
),
not_called as (
    select posting.lease_id, posting.counts_on, posting.term_month, posting.amount
    from posting
    anti join call on posting.lease_id = call.lease_id and posting.term_month = call.term_month
    where posting.flow = 'call'
),
billed_below_zero as (
    select lease_id, max(counts_on) as on_date, -sum(amount)::decimal(14, 2) as credit
    from not_called
    group by lease_id, term_month
),
late_benefit as (
    select posting.lease_id, posting.counts_on as on_date, -posting.amount as credit
    from posting
    left join call on posting.lease_id = call.lease_id and posting.term_month = call.term_month
    cross join setting
    where posting.flow = 'benefit' and (call.due_on is null or posting.counts_on > call.due_on + setting.grace_days::integer)
),
other as (
    select
        lease_id,
        counts_on as on_date,
        case when amount > 0 then coalesce(component, 'principal') else component end as component,
        greatest(amount, 0)::decimal(14, 2) as debit,
        greatest(-amount, 0)::decimal(14, 2) as credit
    from posting
    where flow not in ('call', 'benefit')
),
movement as (
    select lease_id, due_on as on_date, amount as principal, 0::decimal(14, 2) as credit
    from call_part
    union all
    select lease_id, on_date, 0::decimal(14, 2) as principal, credit from billed_below_zero
    union all
    select lease_id, on_date, 0::decimal(14, 2) as principal, credit from late_benefit
    union all
    select
        lease_id,
        on_date,
        case when component = 'principal' then debit else 0 end::decimal(14, 2) as principal,
        case when component is null then credit else 0 end::decimal(14, 2) as credit
    from other
    union all
    select lease_id, due_on as on_date, 0::decimal(14, 2) as principal, 0::decimal(14, 2) as credit
    from call
    where benefit > gross_call
),
apart as (
    select lease_id, on_date, component, debit, credit from other where component <> 'principal' or (component = 'principal' and credit > 0)
    union all
    select lease_id, due_on as on_date, 'principal' as component, 0 as debit, benefit - gross_call as credit
    from call
    where benefit > gross_call
),
by_day as (
    select lease_id, on_date, sum(principal)::decimal(14, 2) as principal, sum(credit)::decimal(14, 2) as credit
    from movement
    group by lease_id, on_date
),
apart_by_day as (
    select
        lease_id,
        on_date,
        sum(debit) filter (where component = 'fee') as fee,
        sum(debit) filter (where component = 'court_cost') as court_cost,
        sum(credit) filter (where component = 'principal') as principal_credit,
        sum(credit) filter (where component = 'fee') as fee_credit,
        sum(credit) filter (where component = 'court_cost') as court_cost_credit
    from apart
    group by lease_id, on_date
),
together as (
    select
        by_day.lease_id,
        by_day.on_date,
        by_day.principal,
        coalesce(apart_by_day.fee, 0)::decimal(14, 2) as fee,
        coalesce(apart_by_day.court_cost, 0)::decimal(14, 2) as court_cost,
        by_day.credit,
        coalesce(apart_by_day.principal_credit, 0)::decimal(14, 2) as principal_credit,
        coalesce(apart_by_day.fee_credit, 0)::decimal(14, 2) as fee_credit,
        coalesce(apart_by_day.court_cost_credit, 0)::decimal(14, 2) as court_cost_credit
    from by_day
    left join apart_by_day on by_day.lease_id = apart_by_day.lease_id and by_day.on_date = apart_by_day.on_date
),
running as (
    select
        *,
        sum(principal) over so_far::decimal(14, 2) as total_principal,
        sum(credit + principal_credit + fee_credit + court_cost_credit) over so_far::decimal(14, 2) as total_credit,
        sum(principal + fee + court_cost - credit - principal_credit - fee_credit - court_cost_credit) over so_far::decimal(14, 2)
            as balance
    from together
    window so_far as (partition by lease_id order by on_date)
)
select * from running
