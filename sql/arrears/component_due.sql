-- One row per lease with any fee or court cost on its account, and day on which what is due changes:
-- how each credit was imputed between principal, fees and court costs on the day it arrived.
-- Legal default (Code civil 1342-10): the debtor's choice; else the due debts, in the ranking of the strategy
-- (allocation.ranking: those the debtor gains most by clearing first), oldest first; what is left over waits for the next debt.
-- A credit meant for one component (debtor's choice, write-off, correction) serves that component's due debt; what exceeds
-- it serves the others in the ranking, or waits, like any credit. So the ledger never holds a debt and a credit at once, and
-- all that is unpaid on a day is the balance. The ranks share it from the last to the first: the last rank keeps what
-- it owed, plus what it was asked, less what was meant for it, never more than all that is unpaid; the rank before it
-- likewise of the rest; the first rank is the remainder.
-- grain: lease_id, on_date
-- columns:
--   lease_id         the lease
--   on_date          the day
--   fee_due          fees due and unpaid at the end of the day
--   court_cost_due   court costs due and unpaid at the end of the day
--   fee_paid         euros received that stand on fees at the end of the day: fees asked, less given up, less due
--   court_cost_paid  the same for court costs
-- checks:
--   fee_due >= 0 and court_cost_due >= 0
with setting as (
    select rank_1, rank_2, rank_3 from strategy.setting
),
movement as (
    select
        lease_id, on_date, principal, fee, court_cost, credit, principal_credit, fee_credit, court_cost_credit
    from ledger.movement
),
posting as (
    select lease_id, counts_on, component, amount
    from ledger.posting
    where component in ('fee', 'court_cost') and flow <> 'receipt'
),
charged as (
    select distinct lease_id
    from movement
    where fee > 0 or court_cost > 0 or fee_credit > 0 or court_cost_credit > 0
),
net as (
    select
        movement.lease_id,
        movement.on_date,
        movement.principal - movement.principal_credit as principal,
        movement.fee - movement.fee_credit as fee,
        movement.court_cost - movement.court_cost_credit as court_cost,
        sum(
            movement.principal + movement.fee + movement.court_cost
            - movement.credit - movement.principal_credit - movement.fee_credit - movement.court_cost_credit
        ) over (partition by movement.lease_id order by movement.on_date) as balance
    from movement
    semi join charged on movement.lease_id = charged.lease_id
),
ranked as (
    select
        net.lease_id,
        net.on_date,
        case setting.rank_2 when 'principal' then net.principal when 'fee' then net.fee else net.court_cost end::decimal(14, 2) as asked_2,
        case setting.rank_3 when 'principal' then net.principal when 'fee' then net.fee else net.court_cost end::decimal(14, 2) as asked_3,
        greatest(net.balance, 0)::decimal(14, 2) as unpaid
    from net
    cross join setting
),
by_lease as (
    select
        lease_id,
        list(on_date order by on_date) as days,
        list(unpaid order by on_date) as unpaid,
        list(asked_2 order by on_date) as asked_2,
        list({ 'asked': asked_3, 'at_most': unpaid, 'due': []::decimal(14, 2)[] } order by on_date) as rank_3
    from ranked
    group by lease_id
),
rank_3_served as (
    select
        lease_id,
        days,
        unpaid,
        asked_2,
        list_reduce(
            rank_3,
            lambda so_far, day: {
                'asked': day.asked,
                'at_most': day.at_most,
                'due': list_append(so_far.due, least(greatest(coalesce(so_far.due[-1], 0) + day.asked, 0), day.at_most)::decimal(14, 2))
            },
            { 'asked': 0::decimal(14, 2), 'at_most': 0::decimal(14, 2), 'due': []::decimal(14, 2)[] }
        ).due as due_3
    from by_lease
),
rank_2 as (
    select
        lease_id,
        days,
        unpaid,
        due_3,
        list_transform(
            list_zip(asked_2, unpaid, due_3),
            lambda day: { 'asked': day[1], 'at_most': (day[2] - day[3])::decimal(14, 2), 'due': []::decimal(14, 2)[] }
        ) as rank_2
    from rank_3_served
),
rank_2_served as (
    select
        lease_id,
        days,
        unpaid,
        due_3,
        list_reduce(
            rank_2,
            lambda so_far, day: {
                'asked': day.asked,
                'at_most': day.at_most,
                'due': list_append(so_far.due, least(greatest(coalesce(so_far.due[-1], 0) + day.asked, 0), day.at_most)::decimal(14, 2))
            },
            { 'asked': 0::decimal(14, 2), 'at_most': 0::decimal(14, 2), 'due': []::decimal(14, 2)[] }
        ).due as due_2
    from rank_2
),
due_by_rank as (
    select
        lease_id,
        unnest(days) as on_date,
        unnest(unpaid) as unpaid,
        unnest(due_2) as due_2,
        unnest(due_3) as due_3
    from rank_2_served
),
due_by_component as (
    select
        due_by_rank.lease_id,
        due_by_rank.on_date,
        case 'fee'
            when setting.rank_2 then due_by_rank.due_2
            when setting.rank_3 then due_by_rank.due_3
            else due_by_rank.unpaid - due_by_rank.due_2 - due_by_rank.due_3
        end::decimal(14, 2) as fee_due,
        case 'court_cost'
            when setting.rank_2 then due_by_rank.due_2
            when setting.rank_3 then due_by_rank.due_3
            else due_by_rank.unpaid - due_by_rank.due_2 - due_by_rank.due_3
        end::decimal(14, 2) as court_cost_due
    from due_by_rank
    cross join setting
),
asked as (
    select
        lease_id,
        counts_on as on_date,
        sum(amount) filter (where component = 'fee') as fee,
        sum(amount) filter (where component = 'court_cost') as court_cost
    from posting
    group by lease_id, counts_on
),
with_paid as (
    select
        due_by_component.lease_id,
        due_by_component.on_date,
        due_by_component.fee_due,
        due_by_component.court_cost_due,
        (coalesce(sum(asked.fee) over so_far, 0) - due_by_component.fee_due)::decimal(14, 2) as fee_paid,
        (coalesce(sum(asked.court_cost) over so_far, 0) - due_by_component.court_cost_due)::decimal(14, 2) as court_cost_paid
    from due_by_component
    left join asked on due_by_component.lease_id = asked.lease_id and due_by_component.on_date = asked.on_date
    window so_far as (partition by due_by_component.lease_id order by due_by_component.on_date)
)
select * from with_paid
