-- Share of the dwellings vacated in twelve months that were left with a debt, read at the month end of the departure.
-- Told from the twelfth month of the ledger.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  vacated_with_debt
--   level         company, sector or agency
--   slice_id      the slice
--   month         last month of the twelve
--   is_partial    true for the month under way
--   numerator     of them, leases whose due balance was above the strategy's arrears.late_euros at that month end
--   denominator   leases that ended in the twelve months
--   volume        leases that ended in the twelve months
--   cases         the numerator: households behind the figure
--   base_cases    not used here
-- checks:
--   numerator between 0 and denominator
-- indicators:
--   vacated_with_debt:
--     family: departed
--     position: 52
--     label_fr: Logements libérés avec une dette
--     unit: ratio
--     good_direction: down
--     perimeter: departed
--     formula_fr: "baux terminés depuis 12 mois qui laissaient un solde échu supérieur au seuil de retard (10 € par défaut) à la fin du mois du départ ÷ baux terminés depuis 12 mois. Repère national fin 2022 : 36,8 %"
with setting as (
    select late_euros from strategy.setting
),
closing as (
    select month, is_partial from arrears.closing
),
lease as (
    select lease_id, date_trunc('month', end_on)::date as left_in from ledger.lease where use = 'residential' and end_on is not null
),
lease_month as (
    select lease_id, month, agency_id, status, due_balance from arrears.lease_month
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
agency as (
    select distinct agency_id from slice
),
left_by_month as (
    select
        lease_month.agency_id,
        lease_month.month,
        count(*) as leases,
        count(*) filter (where lease_month.due_balance > setting.late_euros) as with_debt
    from lease
    inner join lease_month on lease.lease_id = lease_month.lease_id and lease.left_in = lease_month.month
    cross join setting
    where lease_month.status = 'departed'
    group by lease_month.agency_id, lease_month.month
),
monthly as (
    select
        agency.agency_id,
        closing.month,
        closing.is_partial,
        coalesce(left_by_month.leases, 0) as leases,
        coalesce(left_by_month.with_debt, 0) as with_debt
    from agency
    cross join closing
    left join left_by_month on agency.agency_id = left_by_month.agency_id and closing.month = left_by_month.month
),
year as (
    select
        agency_id,
        month,
        is_partial,
        sum(leases) over twelve as leases,
        sum(with_debt) over twelve as with_debt
    from monthly
    window twelve as (partition by agency_id order by month rows between 11 preceding and current row)
    qualify count(*) over twelve = 12
),
by_slice as (
    select
        'vacated_with_debt' as indicator_id,
        slice.level,
        slice.slice_id,
        year.month,
        year.is_partial,
        sum(year.with_debt)::decimal(18, 2) as numerator,
        sum(year.leases)::decimal(18, 2) as denominator,
        sum(year.leases)::integer as volume,
        sum(year.with_debt)::integer as cases,
        null::integer as base_cases
    from year
    inner join slice on year.agency_id = slice.agency_id
    group by slice.level, slice.slice_id, year.month, year.is_partial
)
select * from by_slice
