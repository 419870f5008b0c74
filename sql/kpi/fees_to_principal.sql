-- Fees outstanding for one euro of principal outstanding. Court costs are neither.
-- Present and departed tenants are never blended.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  fees_to_principal (present tenants) or fees_to_principal.departed
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     fees due and unpaid, euros
--   denominator   principal due and unpaid, euros
--   volume        leases with principal due
--   cases         leases with fees due
--   base_cases    leases with principal due
-- checks:
--   numerator >= 0 and denominator >= 0
-- indicators:
--   fees_to_principal:
--     family: fees
--     position: 60
--     headline: true
--     label_fr: Frais rapportés au principal
--     unit: ratio
--     good_direction: down
--     perimeter: present
--     formula_fr: "frais échus non réglés ÷ principal échu non réglé, locataires présents. Les dépens sont à part. Priorité au principal : chaque euro reçu doit d'abord réduire le loyer dû"
--   fees_to_principal.departed:
--     family: fees
--     position: 61
--     label_fr: Frais rapportés au principal, locataires partis
--     unit: ratio
--     good_direction: down
--     perimeter: departed
--     formula_fr: frais échus non réglés ÷ principal échu non réglé, locataires partis
with lease_month as (
    select month, is_partial, agency_id, status, fees_due, greatest(principal_due, 0) as principal_due
    from arrears.lease_month
    where use = 'residential'
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
by_agency as (
    select
        month,
        is_partial,
        agency_id,
        case status when 'present' then 'fees_to_principal' else 'fees_to_principal.departed' end as indicator_id,
        sum(fees_due) as fees,
        sum(principal_due) as principal,
        count(*) filter (where fees_due > 0) as with_fees,
        count(*) filter (where principal_due > 0) as with_principal
    from lease_month
    group by month, is_partial, agency_id, status
),
by_slice as (
    select
        by_agency.indicator_id,
        slice.level,
        slice.slice_id,
        by_agency.month,
        by_agency.is_partial,
        sum(by_agency.fees)::decimal(18, 2) as numerator,
        sum(by_agency.principal)::decimal(18, 2) as denominator,
        sum(by_agency.with_principal)::integer as volume,
        sum(by_agency.with_fees)::integer as cases,
        sum(by_agency.with_principal)::integer as base_cases
    from by_agency
    inner join slice on by_agency.agency_id = slice.agency_id
    group by by_agency.indicator_id, slice.level, slice.slice_id, by_agency.month, by_agency.is_partial
)
select * from by_slice
