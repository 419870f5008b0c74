-- Share of open cases whose fees weigh too heavily: fees due above the configured share of the principal due. An open case is a
-- lease with a due balance above zero. Court costs are neither fees nor principal. Present and departed are never blended.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  heavy_fee_share (present tenants) or heavy_fee_share.departed
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     open cases whose fees exceed the share
--   denominator   open cases
--   volume        open cases
--   cases         the numerator
--   base_cases    the denominator
-- checks:
--   numerator between 0 and denominator
-- indicators:
--   heavy_fee_share:
--     family: fees
--     position: 66
--     label_fr: Dossiers où les frais pèsent trop
--     unit: ratio
--     good_direction: down
--     perimeter: present
--     formula_fr: "baux présents à solde échu débiteur dont les frais dus dépassent la part fixée du principal dû (10 % par défaut) ÷ baux présents à solde échu débiteur. Les dépens sont à part"
--   heavy_fee_share.departed:
--     family: fees
--     position: 67
--     label_fr: Dossiers où les frais pèsent trop, locataires partis
--     unit: ratio
--     good_direction: down
--     perimeter: departed
--     formula_fr: "baux partis à solde échu débiteur dont les frais dus dépassent la part fixée du principal dû (10 % par défaut) ÷ baux partis à solde échu débiteur"
with setting as (
    select heavy_share from strategy.fees
),
lease_month as (
    select month, is_partial, agency_id, status, fees_due, principal_unpaid
    from arrears.lease_month
    where use = 'residential' and due_balance > 0
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
by_agency as (
    select
        lease_month.month,
        lease_month.is_partial,
        lease_month.agency_id,
        case lease_month.status when 'present' then 'heavy_fee_share' else 'heavy_fee_share.departed' end as indicator_id,
        count(*) as open_cases,
        count(*) filter (where lease_month.fees_due > setting.heavy_share * lease_month.principal_unpaid) as heavy
    from lease_month
    cross join setting
    group by 1, 2, 3, 4
),
by_slice as (
    select
        by_agency.indicator_id,
        slice.level,
        slice.slice_id,
        by_agency.month,
        by_agency.is_partial,
        sum(by_agency.heavy)::decimal(18, 2) as numerator,
        sum(by_agency.open_cases)::decimal(18, 2) as denominator,
        sum(by_agency.open_cases)::integer as volume,
        sum(by_agency.heavy)::integer as cases,
        sum(by_agency.open_cases)::integer as base_cases
    from by_agency
    inner join slice on by_agency.agency_id = slice.agency_id
    group by by_agency.indicator_id, slice.level, slice.slice_id, by_agency.month, by_agency.is_partial
)
select * from by_slice
