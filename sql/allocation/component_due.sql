-- One row per way, lease with any fee or court cost on its account, and day on which what is due changes:
-- how each credit was imputed between principal, fees and court costs on the day it arrived.
-- Legal default (Code civil 1342-10): the debtor's choice; else the due debts, in the ranking of the way
-- (allocation.policy: those the debtor gains most by clearing first), oldest first; what is left over waits for the next debt.
-- A credit meant for one component (debtor's choice, write-off, correction) serves that component's due debt; what exceeds
-- it serves the others in the ranking, or waits, like any credit. So the ledger never holds a debt and a credit at once, and
-- all that is unpaid on a day is the balance. The ranks share it from the last to the first: the last rank keeps what
-- it owed, plus what it was asked, less what was meant for it, never more than all that is unpaid; the rank before it
-- likewise of the rest; the first rank is the remainder.
-- As booked, for the accounts that the landlord lettered: the same on what is left, plus lettered debts that wait for their
-- credit. Accounts without any lettering go the legal way.
-- grain: way, lease_id, on_date
-- per: lease_id
-- columns:
--   way              legal_default, principal_first or as_booked, see allocation.policy
--   lease_id         the lease
--   on_date          the day
--   fee_due          fees due and unpaid at the end of the day
--   court_cost_due   court costs due and unpaid at the end of the day
--   fee_paid         euros received that stand on fees at the end of the day: fees asked, less given up, less due
--   court_cost_paid  the same for court costs
--   fee_left         the part of fee_due that is not lettered
--   court_cost_left  the part of court_cost_due that is not lettered
-- checks:
--   fee_due >= fee_left and court_cost_due >= court_cost_left
--   fee_left >= 0 and court_cost_left >= 0
with policy as (
    select distinct way, rank_1, rank_2, rank_3 from allocation.policy
),
movement as (
    select lease_id, on_date, principal, fee, court_cost, principal_credit, fee_credit, court_cost_credit, balance
    from ledger.movement
),
movement_left as (
    select
        lease_id, on_date, principal, fee, court_cost, credit, principal_credit, fee_credit, court_cost_credit
    from allocation.movement_left
),
lettered as (
    select lease_id, received_on, component, due_on, amount
    from allocation.lettered
    where component <> 'principal' and received_on > due_on
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
account as (
    select policy.way, movement.*
    from movement
    semi join charged on movement.lease_id = charged.lease_id
    cross join policy
    where policy.way <> 'as_booked'
    union all
    select
        'as_booked' as way,
        movement_left.* exclude (credit),
        sum(principal + fee + court_cost - credit - principal_credit - fee_credit - court_cost_credit) over so_far as balance
    from movement_left
    semi join charged on movement_left.lease_id = charged.lease_id
    window so_far as (partition by movement_left.lease_id order by movement_left.on_date)
),
net as (
    select
        way,
        lease_id,
        on_date,
        principal - principal_credit as principal,
        fee - fee_credit as fee,
        court_cost - court_cost_credit as court_cost,
        balance
    from account
),
ranked as (
    select
        net.way,
        net.lease_id,
        net.on_date,
        case policy.rank_2 when 'principal' then net.principal when 'fee' then net.fee else net.court_cost end::decimal(14, 2) as asked_2,
        case policy.rank_3 when 'principal' then net.principal when 'fee' then net.fee else net.court_cost end::decimal(14, 2) as asked_3,
        greatest(net.balance, 0)::decimal(14, 2) as unpaid
    from net
    inner join policy on net.way = policy.way
),
by_lease as (
    select
        way,
        lease_id,
        list({ 'on_date': on_date, 'unpaid': unpaid, 'asked_2': asked_2, 'asked_3': asked_3 } order by on_date) as days
    from ranked
    group by way, lease_id
),
rank_3 as (
    select
        way,
        lease_id,
        list_transform(days, lambda day: day.on_date) as days,
        list_transform(days, lambda day: day.unpaid) as unpaid,
        list_transform(days, lambda day: day.asked_2) as asked_2,
        list_transform(
            days, lambda day: { 'asked': day.asked_3, 'at_most': day.unpaid, 'due': []::decimal(14, 2)[] }
        ) as rank_3
    from by_lease
),
rank_3_served as (
    select
        way,
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
    from rank_3
),
rank_2 as (
    select
        way,
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
        way,
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
        way,
        lease_id,
        unnest(days) as on_date,
        unnest(unpaid) as unpaid,
        unnest(due_2) as due_2,
        unnest(due_3) as due_3
    from rank_2_served
),
due_by_component as (
    select
        due_by_rank.way,
        due_by_rank.lease_id,
        due_by_rank.on_date,
        case 'fee'
            when policy.rank_2 then due_by_rank.due_2
            when policy.rank_3 then due_by_rank.due_3
            else due_by_rank.unpaid - due_by_rank.due_2 - due_by_rank.due_3
        end::decimal(14, 2) as fee_left,
        case 'court_cost'
            when policy.rank_2 then due_by_rank.due_2
            when policy.rank_3 then due_by_rank.due_3
            else due_by_rank.unpaid - due_by_rank.due_2 - due_by_rank.due_3
        end::decimal(14, 2) as court_cost_left
    from due_by_rank
    inner join policy on due_by_rank.way = policy.way
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
waiting as (
    select lease_id, due_on as on_date, component, amount from lettered
    union all
    select lease_id, received_on as on_date, component, -amount as amount from lettered
),
waiting_by_day as (
    select
        'as_booked' as way,
        lease_id,
        on_date,
        sum(amount) filter (where component = 'fee') as fee,
        sum(amount) filter (where component = 'court_cost') as court_cost
    from waiting
    group by lease_id, on_date
),
so_far as (
    select
        due_by_component.way,
        due_by_component.lease_id,
        due_by_component.on_date,
        due_by_component.fee_left,
        due_by_component.court_cost_left,
        due_by_component.fee_left + coalesce(sum(waiting_by_day.fee) over days, 0) as fee_due,
        due_by_component.court_cost_left + coalesce(sum(waiting_by_day.court_cost) over days, 0) as court_cost_due,
        coalesce(sum(asked.fee) over days, 0) as fee_asked,
        coalesce(sum(asked.court_cost) over days, 0) as court_cost_asked
    from due_by_component
    left join asked on due_by_component.lease_id = asked.lease_id and due_by_component.on_date = asked.on_date
    left join waiting_by_day
        on due_by_component.way = waiting_by_day.way
        and due_by_component.lease_id = waiting_by_day.lease_id
        and due_by_component.on_date = waiting_by_day.on_date
    window days as (partition by due_by_component.way, due_by_component.lease_id order by due_by_component.on_date)
),
with_paid as (
    select
        way,
        lease_id,
        on_date,
        fee_due::decimal(14, 2) as fee_due,
        court_cost_due::decimal(14, 2) as court_cost_due,
        (fee_asked - fee_due)::decimal(14, 2) as fee_paid,
        (court_cost_asked - court_cost_due)::decimal(14, 2) as court_cost_paid,
        fee_left,
        court_cost_left
    from so_far
)
select * from with_paid
