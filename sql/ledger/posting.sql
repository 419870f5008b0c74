-- One row per ledger entry booked by the as-of date, with the part it plays in the account.
-- A later night must not know what this one could not: entries booked after the as-of date are left out.
-- grain: entry_id
-- per: lease_id
-- crosses:
--   ledger.entry  booked_on
-- columns:
--   entry_id    the entry
--   lease_id    the lease
--   booked_on   the day the landlord booked it
--   counts_on   the day it counts: the due date of a debit, the value date of a credit (the booking date where absent)
--   term_month  the month it belongs to; the month it counts in where the landlord says nothing
--   kind        the landlord's kind of entry
--   flow        call (rent, charges, supplement), benefit (housing benefit and rent rebate credited), billing (other principal asked), fee (fees and court costs), receipt (money received or taken back), write_off, opening
--   component   principal, fee or court_cost for what is asked or given up; for money received, the component that the debtor chose to pay, or null
--   amount      euros; debit positive, credit negative
--   payer       who paid: tenant, caf, fsl, guarantor or other; null for what is asked or given up
with night as (
    select as_of from strategy.night
),
entry as (
    select id, lease_id, booked_on, due_on, value_on, kind, component, amount, term_month, payer, earmark
    from ledger.entry
    where booked_on <= (select as_of from night)
),
dated as (
    select
        id,
        lease_id,
        booked_on,
        case when amount > 0 then coalesce(due_on, booked_on) else coalesce(value_on, due_on, booked_on) end as counts_on,
        term_month,
        kind,
        component,
        earmark,
        payer,
        amount
    from entry
),
played as (
    select
        id as entry_id,
        lease_id,
        booked_on,
        counts_on,
        coalesce(term_month, date_trunc('month', counts_on)::date) as term_month,
        kind,
        case
            when kind in ('rent', 'charges', 'rent_supplement') then 'call'
            when kind in ('housing_benefit', 'rent_rebate') then case when amount > 0 then 'receipt' else 'benefit' end
            when kind in ('payment', 'guarantor_payment', 'payment_rejected') then 'receipt'
            when kind = 'deposit' then case when amount > 0 then 'billing' else 'receipt' end
            when kind = 'write_off' then 'write_off'
            when kind = 'opening_balance' then 'opening'
            when component in ('fee', 'court_cost') or kind in ('fee', 'court_cost') then 'fee'
            else 'billing'
        end as flow,
        case
            when kind in ('payment', 'guarantor_payment', 'deposit') and amount <= 0 then earmark::varchar
            when kind in ('rent', 'charges', 'rent_supplement', 'housing_benefit', 'rent_rebate', 'deposit') then 'principal'
            when kind = 'court_cost' then 'court_cost'
            when kind = 'fee' then 'fee'
            else coalesce(component::varchar, 'principal')
        end as component,
        amount,
        case
            when kind in ('housing_benefit', 'rent_rebate') then coalesce(payer::varchar, 'caf')
            when kind = 'guarantor_payment' then coalesce(payer::varchar, 'guarantor')
            when kind in ('payment', 'payment_rejected') or (kind = 'deposit' and amount <= 0) then coalesce(payer::varchar, 'tenant')
        end as payer
    from dated
)
select * from played
