-- The debts that are paid oldest first under the landlord's allocation policy, with running totals: those of ledger.debit;
-- as booked, without what is lettered (allocation.debit_left).
-- kind: view
-- grain: lease_id, component, due_on
-- per: lease_id
-- columns:
--   lease_id      the lease
--   component     principal, fee or court_cost
--   due_on        the due date
--   term_month    the month called at that due date; the month of the due date where nothing was called
--   amount        euros that fell due that day
--   terms         the same in terms; null for fees and court costs, or where the lease was never called
--   total_amount  euros of the component due up to and with that day
--   total_terms   terms due up to and with that day
--   total_moment  euros times days, up to and with that day: each amount times the days from 2000-01-01 to its due date
with chosen as (
    select way from allocation.policy where is_chosen
),
debit as (
    select lease_id, component, due_on, term_month, amount, terms, total_amount, total_terms, total_moment from ledger.debit
),
debit_left as (
    select lease_id, component, due_on, term_month, amount, terms, total_amount, total_terms, total_moment from allocation.debit_left
),
movement_left as (
    select lease_id from allocation.movement_left
),
booked_lease as (
    select distinct movement_left.lease_id from movement_left inner join chosen on chosen.way = 'as_booked'
),
either as (
    select * from debit anti join booked_lease on debit.lease_id = booked_lease.lease_id
    union all
    select * from debit_left semi join booked_lease on debit_left.lease_id = booked_lease.lease_id
)
select * from either
