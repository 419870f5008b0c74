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
net_call as (
    select lease_id, due_on as on_date, 'principal' as component, amount as debit, 0::decimal(14, 2) as credit
    from call_part
),
benefit_beyond_call as (
    select
        lease_id,
        due_on as on_date,
        'principal' as component,
        0::decimal(14, 2) as debit,
        (benefit - gross_call)::decimal(14, 2) as credit
    from call
    where benefit > gross_call
),
billed_below_zero as (
    select
        posting.lease_id,
        max(posting.counts_on) as on_date,
        null::varchar as component,
        0::decimal(14, 2) as debit,
        -sum(posting.amount)::decimal(14, 2) as credit
    from posting
    anti join call on posting.lease_id = call.lease_id and posting.term_month = call.term_month
    where posting.flow = 'call'
    group by posting.lease_id, posting.term_month
),
late_benefit as (
    select
        posting.lease_id,
        posting.counts_on as on_date,
        null::varchar as component,
        0::decimal(14, 2) as debit,
        -posting.amount::decimal(14, 2) as credit
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
    select * from net_call
    union all
    select * from benefit_beyond_call
    union all
    select * from billed_below_zero
    union all
    select * from late_benefit
    union all
    select * from other
),
by_day as (
    select
        lease_id,
        on_date,
        coalesce(sum(debit) filter (where component = 'principal'), 0)::decimal(14, 2) as principal,
        coalesce(sum(debit) filter (where component = 'fee'), 0)::decimal(14, 2) as fee,
        coalesce(sum(debit) filter (where component = 'court_cost'), 0)::decimal(14, 2) as court_cost,
        coalesce(sum(credit) filter (where component is null), 0)::decimal(14, 2) as credit,
        coalesce(sum(credit) filter (where component = 'principal'), 0)::decimal(14, 2) as principal_credit,
        coalesce(sum(credit) filter (where component = 'fee'), 0)::decimal(14, 2) as fee_credit,
        coalesce(sum(credit) filter (where component = 'court_cost'), 0)::decimal(14, 2) as court_cost_credit
    from movement
    group by lease_id, on_date
)
select * from by_day
