-- Share of all arrears that departed tenants owe.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  departed_debt_share
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     euros due and unpaid of departed tenants
--   denominator   euros due and unpaid of all tenants
--   volume        leases with a debt
--   cases         departed leases with a debt
--   base_cases    leases with a debt
-- checks:
--   numerator between 0 and denominator
--   cases between 0 and base_cases
-- indicators:
--   departed_debt_share:
--     family: departed
--     position: 50
--     label_fr: Part des partis dans les impayés
--     unit: ratio
--     good_direction: down
--     perimeter: departed
--     formula_fr: impayés échus des locataires partis ÷ impayés échus de tous les locataires. Le crédit d'un bail ne compense jamais la dette d'un autre
with lease_month as (
    select month, is_partial, agency_id, status, due_balance
    from arrears.lease_month
    where use = 'residential' and due_balance > 0
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
by_agency as (
    select
        month,
        is_partial,
        agency_id,
        coalesce(sum(due_balance) filter (where status = 'departed'), 0) as departed_debt,
        sum(due_balance) as debt,
        count(*) filter (where status = 'departed') as departed_leases,
        count(*) as leases
    from lease_month
    group by month, is_partial, agency_id
),
by_slice as (
    select
        'departed_debt_share' as indicator_id,
        slice.level,
        slice.slice_id,
        by_agency.month,
        by_agency.is_partial,
        sum(by_agency.departed_debt)::decimal(18, 2) as numerator,
        sum(by_agency.debt)::decimal(18, 2) as denominator,
        sum(by_agency.leases)::integer as volume,
        sum(by_agency.departed_leases)::integer as cases,
        sum(by_agency.leases)::integer as base_cases
    from by_agency
    inner join slice on by_agency.agency_id = slice.agency_id
    group by slice.level, slice.slice_id, by_agency.month, by_agency.is_partial
)
select * from by_slice
