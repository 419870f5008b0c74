-- One row per lease and month end, from the month the lease begins: what it owes, since when, in euros and in terms.
-- A debit counts in euros from its due date, and as a term once the grace days have passed too.
-- Oldest debts are paid first, but for what the landlord lettered where arrears follow its books; whole terms are the floor
-- of terms_owed. A household whose balance is not above zero owes no term, whatever the books leave open.
-- grain: lease_id, month
-- per: lease_id
-- columns:
--   lease_id             the lease
--   month                first day of the month
--   closing_on           the day on which the month is read
--   is_partial           true for the month under way
--   agency_id            today's agency
--   use                  residential, parking, garage or commercial
--   status               present, or departed once the lease has ended
--   due_balance          euros due and not received at the month end; credit negative
--   principal_due        the part that is principal; carries the credit when there is one
--   principal_unpaid     principal due and unpaid; above principal_due where a credit is lettered to a debt not yet due
--   fees_due             the part that is fees
--   court_costs_due      the part that is court costs
--   gross_call           gross call of the month
--   net_call             euros that make one term: the month's net call (gross where benefit covers nearly all), the last one called after that
--   terms_owed           unpaid terms past the grace days: each term's unpaid part over that month's call
--   oldest_unpaid_month  term month of the oldest principal due and unpaid; null when none is
--   oldest_unpaid_on     its due date
--   age_months           full months between that due date and the closing
--   spell_months         consecutive month ends, this one included, with at least one whole term owed
--   bucket               ageing bucket of age_months; null when no principal is due
--   debtor_type          new_entrant, accidental or repeat while a whole term is owed; else null
-- checks:
--   due_balance = principal_due + fees_due + court_costs_due
--   terms_owed >= 0
--   (spell_months > 0) = (terms_owed >= 1)
--   (bucket is null) = (age_months is null)
--   (debtor_type is null) = (terms_owed < 1)
with setting as (
    select grace_days, new_entrant_months, repeat_window_months from strategy.setting
),
ageing_bucket as (
    select bucket, from_months, to_months from arrears.ageing_bucket
),
lease as (
    select lease_id, agency_id, use, start_on, end_on from ledger.lease
),
position as (
    select
        lease_id, month, closing_on, is_partial, due_balance, principal_due, principal_unpaid, principal_left, fees_due,
        court_costs_due, principal_settled, gross_call, term
    from arrears.position
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
oldest as (
    select
        in_debt.lease_id,
        in_debt.month,
        in_debt.closing_on,
        debit.due_on,
        debit.term_month,
        debit.total_terms - coalesce(debit.terms * (debit.total_amount - in_debt.principal_settled) / debit.amount, 0)
            as terms_settled
    from in_debt
    asof inner join debit
        on in_debt.lease_id = debit.lease_id and in_debt.principal_settled < debit.total_amount
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
    asof left join debit as matured
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
),
owed as (
    select
        coalesce(owed_left.lease_id, owed_lettered.lease_id) as lease_id,
        coalesce(owed_left.month, owed_lettered.month) as month,
        least(owed_left.due_on, owed_lettered.due_on) as due_on,
        case
            when owed_lettered.due_on is null or owed_left.due_on <= owed_lettered.due_on then owed_left.term_month
            else owed_lettered.term_month
        end as term_month,
        round(coalesce(owed_left.terms_owed, 0) + coalesce(owed_lettered.terms_owed, 0), 6) as terms_owed
    from owed_left
    full join owed_lettered on owed_left.lease_id = owed_lettered.lease_id and owed_left.month = owed_lettered.month
),
described as (
    select
        position.lease_id,
        position.month,
        position.closing_on,
        position.is_partial,
        lease.agency_id,
        lease.use,
        case when lease.end_on is null or lease.end_on > position.closing_on then 'present' else 'departed' end as status,
        lease.start_on,
        position.due_balance,
        position.principal_due,
        position.principal_unpaid,
        position.fees_due,
        position.court_costs_due,
        position.gross_call,
        position.term as net_call,
        case when position.due_balance > 0 then coalesce(owed.terms_owed, 0) else 0 end::decimal(18, 6) as terms_owed,
        case when position.due_balance > 0 then owed.term_month end as oldest_unpaid_month,
        case when position.due_balance > 0 then owed.due_on end as oldest_unpaid_on,
        case when position.due_balance > 0 then datesub('month', owed.due_on, position.closing_on) end as age_months,
        (year(position.month) * 12 + month(position.month))::integer as month_number
    from position
    inner join lease on position.lease_id = lease.lease_id
    left join owed on position.lease_id = owed.lease_id and position.month = owed.month
),
ever_owing as (
    select distinct lease_id from described where terms_owed >= 1
),
in_spells as (
    select
        lease_id,
        month,
        month_number,
        terms_owed,
        month_number - coalesce(
            max(case when terms_owed < 1 then month_number end) over so_far, min(month_number) over so_far - 1
        ) as spell_months,
        max(case when terms_owed >= 1 then month_number end) over before as last_owing_before
    from described
    semi join ever_owing on described.lease_id = ever_owing.lease_id
    window
        so_far as (partition by lease_id order by month),
        before as (partition by lease_id order by month rows between unbounded preceding and 1 preceding)
),
spell as (
    select
        lease_id,
        month,
        spell_months,
        month_number - spell_months + 1 as began,
        max(case when spell_months = 1 then coalesce(last_owing_before, 0) end) over so_far as last_spell_ended
    from in_spells
    window so_far as (partition by lease_id order by month)
),
typed as (
    select
        described.lease_id,
        described.month,
        described.closing_on,
        described.is_partial,
        described.agency_id,
        described.use,
        described.status,
        described.due_balance,
        described.principal_due,
        described.principal_unpaid,
        described.fees_due,
        described.court_costs_due,
        described.gross_call,
        described.net_call,
        described.terms_owed,
        described.oldest_unpaid_month,
        described.oldest_unpaid_on,
        described.age_months,
        coalesce(spell.spell_months, 0)::integer as spell_months,
        ageing_bucket.bucket,
        case
            when described.terms_owed < 1 then null
            when described.start_on + to_months(setting.new_entrant_months::integer) > described.closing_on then 'new_entrant'
            when spell.last_spell_ended >= spell.began - setting.repeat_window_months then 'repeat'
            else 'accidental'
        end as debtor_type
    from described
    cross join setting
    left join spell on described.lease_id = spell.lease_id and described.month = spell.month
    left join ageing_bucket
        on described.age_months >= ageing_bucket.from_months
        and (described.age_months < ageing_bucket.to_months or ageing_bucket.to_months is null)
)
select * from typed
