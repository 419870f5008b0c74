-- What arrears cost over twelve months: what was written off, and by how much the depreciation of debts rose, over billing.
-- Depreciation (CCH R423-10): the whole debt of departed tenants, and of tenants whose oldest unpaid term is a year old or
-- more; of the others the share that the strategy sets for the age of their oldest unpaid term (cost.depreciation).
-- Told from the thirteenth month of the ledger. The month under way covers eleven months and the days so far.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id         cost_of_arrears
--   level                company, sector or agency
--   slice_id             the slice
--   month                last month of the twelve
--   is_partial           true for the month under way
--   numerator            euros written off, plus the change in depreciation
--   denominator          principal billed in the twelve months, euros
--   volume               leases with a debt at the end
--   cases                leases with a debt at the end
--   base_cases           not used here
--   written_off          euros written off: principal, fees and court costs
--   depreciation         depreciation at the end
--   depreciation_before  depreciation at the start
-- checks:
--   numerator = written_off + depreciation - depreciation_before
--   depreciation >= 0
-- indicators:
--   cost_of_arrears:
--     family: cost
--     position: 180
--     headline: true
--     label_fr: Coût des impayés
--     unit: ratio
--     good_direction: down
--     perimeter: both
--     formula_fr: (pertes sur 12 mois + variation de la dépréciation des créances) ÷ quittancé brut sur 12 mois. Dépréciation à 100 % de la dette des locataires partis et de ceux dont la dette a plus d'un an, aux taux de la stratégie pour les autres
with lease_month as (
    select month, is_partial, agency_id, status, due_balance, bucket
    from arrears.lease_month
    where use = 'residential' and due_balance > 0
),
depreciation as (
    select bucket, rate from strategy.depreciation
),
closing as (
    select month, is_partial from arrears.closing
),
agency_day as (
    select agency_id, booked_on, billed, written_off + fees_written_off as written_off from ledger.agency_day
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
agency as (
    select distinct agency_id from slice
),
debt as (
    select
        lease_month.agency_id,
        lease_month.month,
        sum(
            case
                when lease_month.status = 'departed' then lease_month.due_balance
                else round(lease_month.due_balance * depreciation.rate, 2)
            end
        ) as depreciation,
        count(*) as leases
    from lease_month
    inner join depreciation on coalesce(lease_month.bucket, '0_1') = depreciation.bucket
    group by lease_month.agency_id, lease_month.month
),
booked as (
    select agency_id, date_trunc('month', booked_on)::date as month, sum(billed) as billed, sum(written_off) as written_off
    from agency_day
    group by 1, 2
),
monthly as (
    select
        agency.agency_id,
        closing.month,
        closing.is_partial,
        coalesce(debt.depreciation, 0) as depreciation,
        coalesce(debt.leases, 0) as leases,
        coalesce(booked.billed, 0) as billed,
        coalesce(booked.written_off, 0) as written_off
    from agency
    cross join closing
    left join debt on agency.agency_id = debt.agency_id and closing.month = debt.month
    left join booked on agency.agency_id = booked.agency_id and closing.month = booked.month
),
year as (
    select
        agency_id,
        month,
        is_partial,
        leases,
        depreciation,
        lag(depreciation, 12) over (partition by agency_id order by month) as depreciation_before,
        sum(billed) over twelve as billed,
        sum(written_off) over twelve as written_off
    from monthly
    window twelve as (partition by agency_id order by month rows between 11 preceding and current row)
    qualify depreciation_before is not null
),
by_slice as (
    select
        slice.level,
        slice.slice_id,
        year.month,
        year.is_partial,
        sum(year.billed)::decimal(18, 2) as billed,
        sum(year.written_off)::decimal(18, 2) as written_off,
        sum(year.depreciation)::decimal(18, 2) as depreciation,
        sum(year.depreciation_before)::decimal(18, 2) as depreciation_before,
        sum(year.leases)::integer as leases
    from year
    inner join slice on year.agency_id = slice.agency_id
    group by slice.level, slice.slice_id, year.month, year.is_partial
),
rate as (
    select
        'cost_of_arrears' as indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        (written_off + depreciation - depreciation_before)::decimal(18, 2) as numerator,
        billed as denominator,
        leases as volume,
        leases as cases,
        null::integer as base_cases,
        written_off,
        depreciation,
        depreciation_before
    from by_slice
)
select * from rate
