-- One row per lease and month end at which something is due and principal is unpaid: since when, and how many terms.
-- A debit counts in euros from its due date, and as a term once the grace days have passed too.
-- Oldest debts are paid first, but for what the landlord lettered where arrears follow its books. A household whose balance is not
-- above zero owes no term, whatever the books leave open, and has no row.
-- grain: lease_id, month
-- per: lease_id
-- columns:
--   lease_id             the lease
--   month                first day of the month
--   oldest_unpaid_on     due date of the oldest principal due and unpaid
--   oldest_unpaid_month  its term month
--   terms_owed           unpaid terms past the grace days: each term's unpaid part over that month's call
-- checks:
--   terms_owed >= 0
with setting as (
    select grace_days from strategy.setting
),
position as (
    select lease_id, month, closing_on, principal_left, principal_settled from arrears.position where due_balance > 0
),
debit as (
    select lease_id, due_on, term_month, amount, terms, total_amount, total_terms
    from arrears.debit
    where component = 'principal'
),
chosen as (
    select way from allocation.policy where is_chosen
),
lettered_month as (
    select lease_id, month, terms_owed, oldest_due_on, oldest_month
    from allocation.lettered_month
    where oldest_due_on is not null
),
in_debt as (
    select lease_id, month, closing_on, principal_settled from position where principal_left > 0
),
in_debt_lease as (
    select distinct lease_id from in_debt
),
debt as (
    select debit.* from debit semi join in_debt_lease on debit.lease_id = in_debt_lease.lease_id
),
oldest as (
    select
        in_debt.lease_id,
        in_debt.month,
        in_debt.closing_on,
        debt.due_on,
        debt.term_month,
        debt.total_terms - coalesce(debt.terms * (debt.total_amount - in_debt.principal_settled) / debt.amount, 0) as terms_settled
    from in_debt
    asof inner join debt on in_debt.lease_id = debt.lease_id and in_debt.principal_settled < debt.total_amount
),
owed_left as (
    select
        oldest.lease_id,
        oldest.month,
        oldest.due_on,
        oldest.term_month,
        case
            when matured.due_on >= oldest.due_on then round(matured.total_terms - oldest.terms_settled, 6)
            else 0
        end as terms_owed
    from oldest
    cross join setting
    asof left join debt as matured
        on oldest.lease_id = matured.lease_id and oldest.closing_on - setting.grace_days::integer >= matured.due_on
),
owed_lettered as (
    select
        lettered_month.lease_id,
        lettered_month.month,
        lettered_month.oldest_due_on as due_on,
        lettered_month.oldest_month as term_month,
        lettered_month.terms_owed
    from lettered_month
    inner join chosen on chosen.way = 'as_booked'
    semi join position on lettered_month.lease_id = position.lease_id and lettered_month.month = position.month
),
owed as (
    select
        coalesce(owed_left.lease_id, owed_lettered.lease_id) as lease_id,
        coalesce(owed_left.month, owed_lettered.month) as month,
        least(owed_left.due_on, owed_lettered.due_on) as oldest_unpaid_on,
        case
            when owed_lettered.due_on is null or owed_left.due_on <= owed_lettered.due_on then owed_left.term_month
            else owed_lettered.term_month
        end as oldest_unpaid_month,
        round(coalesce(owed_left.terms_owed, 0) + coalesce(owed_lettered.terms_owed, 0), 6)::decimal(18, 6) as terms_owed
    from owed_left
    full join owed_lettered on owed_left.lease_id = owed_lettered.lease_id and owed_left.month = owed_lettered.month
)
select * from owed
