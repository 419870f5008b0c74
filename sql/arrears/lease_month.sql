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
    select new_entrant_months, repeat_window_months from strategy.setting
),
ageing_bucket as (
    select bucket, from_months, to_months from arrears.ageing_bucket
),
lease as (
    select lease_id, agency_id, use, start_on, end_on from ledger.lease
),
position as (
    select
        lease_id, month, closing_on, is_partial, due_balance, principal_due, principal_unpaid, fees_due, court_costs_due, gross_call, term
    from arrears.position
),
owed_month as (
    select lease_id, month, oldest_unpaid_on, oldest_unpaid_month, terms_owed from arrears.owed_month
),
owing as (
    select
        lease_id,
        month,
        (year(month) * 12 + month(month))::integer as month_number,
        lag((year(month) * 12 + month(month))::integer, 1, 0) over (partition by lease_id order by month) as owed_before
    from owed_month
    where terms_owed >= 1
),
spell as (
    select
        lease_id,
        month,
        month_number,
        max(case when owed_before < month_number - 1 then month_number end) over so_far as began,
        max(case when owed_before < month_number - 1 then owed_before end) over so_far as last_spell_ended
    from owing
    window so_far as (partition by lease_id order by month)
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
        position.due_balance,
        position.principal_due,
        position.principal_unpaid,
        position.fees_due,
        position.court_costs_due,
        position.gross_call,
        position.term as net_call,
        coalesce(owed_month.terms_owed, 0)::decimal(18, 6) as terms_owed,
        owed_month.oldest_unpaid_month,
        owed_month.oldest_unpaid_on,
        datesub('month', owed_month.oldest_unpaid_on, position.closing_on) as age_months,
        coalesce(spell.month_number - spell.began + 1, 0)::integer as spell_months,
        case
            when spell.began is null then null
            when lease.start_on + to_months(setting.new_entrant_months::integer) > position.closing_on then 'new_entrant'
            when spell.last_spell_ended >= spell.began - setting.repeat_window_months then 'repeat'
            else 'accidental'
        end as debtor_type
    from position
    cross join setting
    inner join lease on position.lease_id = lease.lease_id
    left join owed_month on position.lease_id = owed_month.lease_id and position.month = owed_month.month
    left join spell on position.lease_id = spell.lease_id and position.month = spell.month
),
typed as (
    select described.* exclude (debtor_type), ageing_bucket.bucket, described.debtor_type
    from described
    left join ageing_bucket
        on described.age_months >= ageing_bucket.from_months
        and (described.age_months < ageing_bucket.to_months or ageing_bucket.to_months is null)
)
select * from typed
