-- Of the debt of departed tenants, the share received in twelve months.
-- Read from month end to month end, lease by lease. What a departed tenant's payers pay in a month counts up to the debt that
-- stood at its start: the rest pays what fell due since. A debt that a month end finds and that did not stand at the one
-- before is added: the debt that the household left with, then what its final account still asked. What left the debt
-- otherwise (deposit kept, benefit, corrections, write-offs) is cleared, not received.
-- Debt at the start of the twelve months + debt added = received + cleared + debt at their end.
-- Told from the thirteenth month of the ledger. The month under way covers eleven months and the days so far.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  departed_recovery_rate
--   level         company, sector or agency
--   slice_id      the slice
--   month         last month of the twelve
--   is_partial    true for the month under way
--   numerator     euros received from tenants, guarantors, FSL and others, less those taken back
--   denominator   debt at the start, and debt added by departures in the twelve months
--   volume        departed leases with such a debt
--   cases         of them, those from which something was received
--   base_cases    departed leases with such a debt
--   opening       debt at the start
--   added         debt added
--   cleared       debt that left otherwise
--   closing       debt at the end
-- checks:
--   denominator = opening + added
--   opening + added - numerator - cleared = closing
--   added >= 0 and cleared >= 0
--   cases between 0 and base_cases
-- indicators:
--   departed_recovery_rate:
--     family: departed
--     position: 51
--     label_fr: Taux de recouvrement des partis sur 12 mois
--     unit: ratio
--     good_direction: up
--     perimeter: departed
--     formula_fr: encaissements des locataires partis sur leur dette, sur 12 mois ÷ (leur dette au début + dette des départs de l'année, comptes définitifs compris). Le dépôt de garantie retenu, les corrections et les pertes diminuent la dette sans être encaissés
with posting as not materialized (
    select lease_id, counts_on, amount
    from ledger.posting
    where kind in ('payment', 'guarantor_payment', 'payment_rejected')
),
closing as (
    select month, is_partial from arrears.closing
),
lease_month as not materialized (
    select lease_id, month, agency_id, status, due_balance
    from arrears.lease_month
    where use = 'residential'
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
departed as (
    select lease_id, month, agency_id, greatest(due_balance, 0) as debt
    from lease_month
    where status = 'departed'
),
ever_in_debt as (
    select lease_id from departed group by lease_id having max(debt) > 0
),
paid as (
    select posting.lease_id, date_trunc('month', posting.counts_on)::date as month, -sum(posting.amount) as paid
    from posting
    semi join ever_in_debt on posting.lease_id = ever_in_debt.lease_id
    group by 1, 2
),
followed as (
    select
        departed.lease_id,
        departed.month,
        departed.agency_id,
        departed.debt,
        coalesce(lag(departed.debt) over (partition by departed.lease_id order by departed.month), 0) as debt_before,
        coalesce(paid.paid, 0) as paid
    from departed
    semi join ever_in_debt on departed.lease_id = ever_in_debt.lease_id
    left join paid on departed.lease_id = paid.lease_id and departed.month = paid.month
),
step as (
    select
        lease_id,
        month,
        agency_id,
        debt_before,
        least(paid, debt_before) as received,
        debt - debt_before + least(paid, debt_before) as risen
    from followed
    where debt > 0 or debt_before > 0
),
owing as (
    select
        lease_id,
        agency_id,
        month,
        lag(month) over (partition by lease_id order by month) as owing_before,
        received > 0 as has_paid,
        max(month) filter (where received > 0) over (
            partition by lease_id order by month rows between unbounded preceding and 1 preceding
        ) as paid_before
    from step
),
counted_from as (
    select agency_id, month as from_month, owing_before as before, true as is_base from owing
    union all
    select agency_id, month as from_month, paid_before as before, false as is_base from owing where has_paid
),
change as (
    select agency_id, greatest(from_month, (before + interval 12 months)::date) as month, is_base, 1 as change
    from counted_from
    where before is null or before + interval 12 months < from_month + interval 12 months
    union all
    select agency_id, (from_month + interval 12 months)::date as month, is_base, -1 as change
    from counted_from
),
monthly_cases as (
    select
        agency_id,
        month,
        sum(change) filter (where is_base) as base_cases,
        sum(change) filter (where not is_base) as cases
    from change
    group by agency_id, month
),
monthly_euros as (
    select
        agency_id,
        month,
        sum(debt_before) as opening,
        sum(received) as received,
        sum(greatest(risen, 0)) as added,
        sum(greatest(-risen, 0)) as cleared
    from step
    group by agency_id, month
),
agency as (
    select distinct agency_id from slice
),
monthly as (
    select
        agency.agency_id,
        closing.month,
        closing.is_partial,
        coalesce(monthly_euros.opening, 0) as opening,
        coalesce(monthly_euros.received, 0) as received,
        coalesce(monthly_euros.added, 0) as added,
        coalesce(monthly_euros.cleared, 0) as cleared,
        coalesce(monthly_cases.base_cases, 0) as base_cases,
        coalesce(monthly_cases.cases, 0) as cases
    from agency
    cross join closing
    left join monthly_euros on agency.agency_id = monthly_euros.agency_id and closing.month = monthly_euros.month
    left join monthly_cases on agency.agency_id = monthly_cases.agency_id and closing.month = monthly_cases.month
),
year as (
    select
        agency_id,
        month,
        is_partial,
        first_value(opening) over twelve as opening,
        sum(received) over twelve as received,
        sum(added) over twelve as added,
        sum(cleared) over twelve as cleared,
        sum(base_cases) over so_far as base_cases,
        sum(cases) over so_far as cases
    from monthly
    window
        so_far as (partition by agency_id order by month),
        twelve as (partition by agency_id order by month rows between 11 preceding and current row)
    qualify count(*) over so_far >= 13
),
by_slice as (
    select
        slice.level,
        slice.slice_id,
        year.month,
        year.is_partial,
        sum(year.opening)::decimal(18, 2) as opening,
        sum(year.received)::decimal(18, 2) as received,
        sum(year.added)::decimal(18, 2) as added,
        sum(year.cleared)::decimal(18, 2) as cleared,
        sum(year.base_cases)::integer as base_cases,
        sum(year.cases)::integer as cases
    from year
    inner join slice on year.agency_id = slice.agency_id
    group by slice.level, slice.slice_id, year.month, year.is_partial
),
rate as (
    select
        'departed_recovery_rate' as indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        received as numerator,
        (opening + added)::decimal(18, 2) as denominator,
        base_cases as volume,
        cases,
        base_cases,
        opening,
        added,
        cleared,
        (opening + added - received - cleared)::decimal(18, 2) as closing
    from by_slice
)
select * from rate
