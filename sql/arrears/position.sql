-- One row per lease and month end, from the month the lease begins: what is due, by component, before ages are told, as the
-- landlord's allocation policy tells it (strategy, allocation.policy; see allocation.position).
-- kind: view
-- grain: lease_id, month
-- per: lease_id
-- columns:
--   lease_id           the lease
--   month              first day of the month
--   closing_on         the day on which the month is read
--   is_partial         true for the month under way
--   due_balance        euros due and not received on that day; credit negative
--   principal_due      the part that is principal; carries the credit when there is one
--   fees_due           the part that is fees
--   court_costs_due    the part that is court costs
--   principal_unpaid   principal due and unpaid; above principal_due where a credit is lettered to a debt not yet due
--   principal_left     the part of principal_unpaid that is not lettered
--   principal_settled  principal ever due that is no longer unpaid, lettered apart: paid, written off or corrected
--   gross_call         gross call of the month
--   term               euros that make one term that month: the month's, else the last one called
with chosen as (
    select way from allocation.policy where is_chosen
),
position as (
    select
        way, lease_id, month, closing_on, is_partial, due_balance, principal_due, fees_due, court_costs_due, principal_unpaid,
        principal_left, principal_settled, gross_call, term
    from allocation.position
),
own as (
    select position.* from position inner join chosen on position.way = chosen.way where position.way <> 'legal_default'
),
own_lease as (
    select distinct lease_id from own
),
either as (
    select * exclude (way) from own
    union all
    select position.* exclude (way)
    from position
    anti join own_lease on position.lease_id = own_lease.lease_id
    where position.way = 'legal_default'
)
select * from either
