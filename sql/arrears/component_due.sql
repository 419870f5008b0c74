-- One row per lease that was ever asked a fee or a court cost, and day on which what is due changes:
-- how each credit was imputed between principal, fees and court costs on the day it arrived.
-- Legal default (Code civil 1342-10): the debtor's choice; else the due debts, in the ranking of the strategy
-- (allocation.ranking: those the debtor gains most by clearing first), oldest first; what is left over waits for the next debt.
-- A debt of a lower rank is served only by what the higher ranks leave, so the euros that reached ranks 2 and 3
-- by a day are the highest surplus over rank 1 seen so far, never more than what they were owed that day.
-- grain: lease_id, on_date
-- columns:
--   lease_id         the lease
--   on_date          the day
--   fee_due          fees due and unpaid at the end of the day
--   court_cost_due   court costs due and unpaid at the end of the day
--   fee_paid         euros received that reached fees, since the beginning
--   court_cost_paid  euros received that reached court costs, since the beginning
-- checks:
--   fee_due >= 0 and court_cost_due >= 0
--   fee_paid >= 0 and court_cost_paid >= 0
with setting as (
    select rank_1, rank_2, rank_3 from strategy.setting
),
movement as (
    select
        lease_id, on_date, principal, fee, court_cost, credit, principal_credit, fee_credit, court_cost_credit
    from ledger.movement
),
charged as (
    select distinct lease_id from movement where fee > 0 or court_cost > 0
),
net as (
    select
        movement.lease_id,
        movement.on_date,
        movement.principal - movement.principal_credit as principal,
        movement.fee - movement.fee_credit as fee,
        movement.court_cost - movement.court_cost_credit as court_cost,
        movement.credit
    from movement
    semi join charged on movement.lease_id = charged.lease_id
),
ranked as (
    select
        net.lease_id,
        net.on_date,
        case setting.rank_1 when 'principal' then net.principal when 'fee' then net.fee else net.court_cost end as asked_1,
        case setting.rank_2 when 'principal' then net.principal when 'fee' then net.fee else net.court_cost end as asked_2,
        case setting.rank_3 when 'principal' then net.principal when 'fee' then net.fee else net.court_cost end as asked_3,
        net.credit
    from net
    cross join setting
),
running as (
    select
        lease_id,
        on_date,
        sum(asked_1) over so_far as asked_1,
        sum(asked_2) over so_far as asked_2,
        sum(asked_3) over so_far as asked_3,
        sum(credit) over so_far as credit
    from ranked
    window so_far as (partition by lease_id order by on_date)
),
after_rank_1 as (
    select
        lease_id,
        on_date,
        asked_1,
        asked_2,
        asked_3,
        credit,
        max(greatest(least(asked_2 + asked_3, credit - asked_1), 0)) over so_far as paid_2_and_3
    from running
    window so_far as (partition by lease_id order by on_date)
),
after_rank_2 as (
    select
        lease_id,
        on_date,
        asked_1,
        asked_2,
        asked_3,
        credit,
        paid_2_and_3,
        max(greatest(least(asked_3, paid_2_and_3 - asked_2), 0)) over so_far as paid_3
    from after_rank_1
    window so_far as (partition by lease_id order by on_date)
),
imputed as (
    select
        lease_id,
        on_date,
        greatest(least(asked_1, credit - paid_2_and_3), 0) as paid_1,
        paid_2_and_3 - paid_3 as paid_2,
        paid_3,
        greatest(asked_2 - (paid_2_and_3 - paid_3), 0) as due_2,
        greatest(asked_3 - paid_3, 0) as due_3,
        greatest(asked_1 - (credit - paid_2_and_3), 0) as due_1
    from after_rank_2
),
by_component as (
    select
        imputed.lease_id,
        imputed.on_date,
        case 'fee'
            when setting.rank_1 then imputed.due_1 when setting.rank_2 then imputed.due_2 else imputed.due_3
        end::decimal(14, 2) as fee_due,
        case 'court_cost'
            when setting.rank_1 then imputed.due_1 when setting.rank_2 then imputed.due_2 else imputed.due_3
        end::decimal(14, 2) as court_cost_due,
        case 'fee'
            when setting.rank_1 then imputed.paid_1 when setting.rank_2 then imputed.paid_2 else imputed.paid_3
        end::decimal(14, 2) as fee_paid,
        case 'court_cost'
            when setting.rank_1 then imputed.paid_1 when setting.rank_2 then imputed.paid_2 else imputed.paid_3
        end::decimal(14, 2) as court_cost_paid
    from imputed
    cross join setting
)
select * from by_component
