-- What the landlord lettered: the euros of one day's credits that its books set against the debts due on one day.
-- Known by the as-of date, between entries of one account. A lettering counts from the day when both the credit and the debt
-- are there, whenever it was booked. Benefit that reduced its call in time is no credit of the account: the call counts net, so
-- that its lettering says nothing more. No debt is lettered beyond its amount and no credit beyond its own: the earliest
-- credits count first; what exceeds is as if it had not been lettered.
-- grain: lease_id, received_on, meant_for, is_receipt, component, due_on
-- per: lease_id
-- crosses:
--   contract.allocation  allocated_on
-- columns:
--   lease_id     the lease
--   received_on  the day on which the credit counts
--   meant_for    the only component that the credit is for (ledger.movement), or any
--   is_receipt   true for money received, housing benefit and rent rebate apart; false for benefit and for what is given up or corrected
--   component    component of the debt
--   due_on       the day on which the debt falls due
--   amount       euros lettered
-- checks:
--   amount > 0
with setting as (
    select grace_days from strategy.setting
),
night as (
    select as_of from strategy.night
),
allocation as (
    select payment_entry, debit_entry, amount, allocated_on from contract.allocation where amount > 0
),
posting as (
    select entry_id, lease_id, counts_on, term_month, kind, flow, component, amount from ledger.posting
),
call as (
    select lease_id, term_month, due_on from ledger.call
),
movement as (
    select lease_id, on_date, credit, principal_credit, fee_credit, court_cost_credit from ledger.movement
),
debit as (
    select lease_id, component, due_on, amount from ledger.debit
),
lettering as (
    select allocation.payment_entry, allocation.debit_entry, sum(allocation.amount) as amount
    from allocation
    cross join night
    where allocation.allocated_on <= night.as_of
    group by allocation.payment_entry, allocation.debit_entry
),
credited as (
    select
        lettering.debit_entry,
        lettering.amount,
        posting.lease_id,
        posting.counts_on as received_on,
        case when posting.flow = 'benefit' then posting.term_month end as benefit_month,
        case when posting.flow = 'benefit' then 'any' else coalesce(posting.component, 'any') end as meant_for,
        posting.flow = 'receipt' as is_receipt
    from lettering
    inner join posting on lettering.payment_entry = posting.entry_id
    where posting.amount < 0 and posting.flow <> 'call'
),
paired as (
    select
        credited.lease_id,
        credited.received_on,
        credited.benefit_month,
        credited.meant_for,
        credited.is_receipt,
        case posting.flow when 'call' then 'principal' else coalesce(posting.component, 'principal') end as component,
        posting.counts_on as due_on,
        credited.amount
    from credited
    inner join posting on credited.debit_entry = posting.entry_id and credited.lease_id = posting.lease_id
    where posting.amount > 0
),
credit_of_account as (
    select paired.lease_id, paired.received_on, paired.meant_for, paired.is_receipt, paired.component, paired.due_on, paired.amount
    from paired
    left join call on paired.lease_id = call.lease_id and paired.benefit_month = call.term_month
    cross join setting
    where call.due_on is null or paired.received_on > call.due_on + setting.grace_days::integer
),
by_day as (
    select lease_id, received_on, meant_for, is_receipt, component, due_on, sum(amount) as amount
    from credit_of_account
    group by lease_id, received_on, meant_for, is_receipt, component, due_on
),
of_debt as (
    select
        by_day.lease_id,
        by_day.received_on,
        by_day.meant_for,
        by_day.is_receipt,
        by_day.component,
        by_day.due_on,
        debit.amount as owed,
        by_day.amount,
        sum(by_day.amount) over (
            partition by by_day.lease_id, by_day.component, by_day.due_on
            order by by_day.received_on, by_day.meant_for, by_day.is_receipt
        ) as so_far
    from by_day
    inner join debit
        on by_day.lease_id = debit.lease_id and by_day.component = debit.component and by_day.due_on = debit.due_on
),
within_debt as (
    select
        lease_id,
        received_on,
        meant_for,
        is_receipt,
        component,
        due_on,
        least(so_far, owed) - least(so_far - amount, owed) as amount
    from of_debt
    where so_far - amount < owed
),
of_credit as (
    select
        within_debt.lease_id,
        within_debt.received_on,
        within_debt.meant_for,
        within_debt.is_receipt,
        within_debt.component,
        within_debt.due_on,
        case within_debt.meant_for
            when 'principal' then movement.principal_credit
            when 'fee' then movement.fee_credit
            when 'court_cost' then movement.court_cost_credit
            else movement.credit
        end as held,
        within_debt.amount,
        sum(within_debt.amount) over (
            partition by within_debt.lease_id, within_debt.received_on, within_debt.meant_for
            order by within_debt.due_on, within_debt.component, within_debt.is_receipt
        ) as so_far
    from within_debt
    inner join movement on within_debt.lease_id = movement.lease_id and within_debt.received_on = movement.on_date
),
within_credit as (
    select
        lease_id,
        received_on,
        meant_for,
        is_receipt,
        component,
        due_on,
        (least(so_far, held) - least(so_far - amount, held))::decimal(14, 2) as amount
    from of_credit
    where so_far - amount < held
)
select * from within_credit
