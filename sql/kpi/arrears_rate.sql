-- Arrears rate: due arrears of present tenants over the gross billing of the same tenants, twelve months.
-- A credit on one lease never offsets another's debt. Told from the twelfth month of the ledger.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  arrears_rate
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     euros due and unpaid of present tenants
--   denominator   gross calls of the last twelve months of the same tenants, euros
--   volume        present leases
--   cases         present leases with a due balance above zero
--   base_cases    not used here
-- checks:
--   numerator >= 0 and denominator >= 0
-- indicators:
--   arrears_rate:
--     family: arrears
--     position: 30
--     headline: true
--     label_fr: Taux d'impayés
--     unit: ratio
--     good_direction: down
--     perimeter: present
--     formula_fr: impayés échus des locataires présents ÷ quittancement brut des mêmes locataires sur 12 mois. Les quittances non encore échues n'y sont pas ; le crédit d'un bail ne compense jamais la dette d'un autre
with lease_month as (
    select lease_id, month, is_partial, agency_id, use, status, due_balance, gross_call from arrears.lease_month
),
closing as (
    select month from arrears.closing
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
first_told as (
    select min(month) + to_months(11) as month from closing
),
billed as (
    select
        month,
        is_partial,
        agency_id,
        status,
        greatest(due_balance, 0) as arrears,
        sum(gross_call) over (partition by lease_id order by month rows between 11 preceding and current row) as billing
    from lease_month
    where use = 'residential'
),
by_agency as (
    select
        month,
        is_partial,
        agency_id,
        sum(arrears) as arrears,
        sum(billing) as billing,
        count(*) as leases,
        count(*) filter (where arrears > 0) as cases
    from billed
    where status = 'present' and month >= (select month from first_told)
    group by month, is_partial, agency_id
),
by_slice as (
    select
        'arrears_rate' as indicator_id,
        slice.level,
        slice.slice_id,
        by_agency.month,
        by_agency.is_partial,
        sum(by_agency.arrears)::decimal(18, 2) as numerator,
        sum(by_agency.billing)::decimal(18, 2) as denominator,
        sum(by_agency.leases)::integer as volume,
        sum(by_agency.cases)::integer as cases,
        null::integer as base_cases
    from by_agency
    inner join slice on by_agency.agency_id = slice.agency_id
    group by slice.level, slice.slice_id, by_agency.month, by_agency.is_partial
)
select * from by_slice
