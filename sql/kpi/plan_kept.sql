-- Repayment plans: instalments kept together with the current call, and plans that the landlord made within its own rules. The
-- months of the procedure looked back on; told once they are all in the history.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  plan_kept_rate or plan_compliance
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     instalments kept; plans within the rules
--   denominator   instalments fallen due, once their tolerance is over; landlord plans of the prevention phase signed
--   volume        the same
--   cases         leases with an instalment kept; null for the landlord's own conduct
--   base_cases    leases with an instalment or plan
-- checks:
--   numerator between 0 and denominator
-- indicators:
--   plan_kept_rate:
--     family: plans
--     position: 340
--     headline: true
--     label_fr: Plans d'apurement respectés
--     unit: ratio
--     good_direction: up
--     perimeter: present
--     formula_fr: "échéances de plan honorées en même temps que la quittance courante, à la tolérance près ÷ échéances de plan tombées sur 12 mois"
--   plan_compliance:
--     family: plans
--     position: 341
--     label_fr: Plans conformes aux règles
--     unit: ratio
--     good_direction: up
--     perimeter: present
--     formula_fr: "plans amiables de la phase de prévention conformes à la procédure (durée de 6 mois au plus et dette d'au moins 500 € par défaut) ÷ plans amiables de la phase de prévention signés sur 12 mois"
with night as (
    select as_of from strategy.night
),
setting as (
    select window_months, plan_longest_months, plan_minimum_debt from strategy.procedure
),
closing as (
    select month, closing_on, is_partial from arrears.closing
),
lease as (
    select lease_id, agency_id from ledger.lease where use = 'residential'
),
instalment as (
    select lease_id, agency_id, month, is_kept from conduct.instalment
),
plan as (
    select id, lease_id, signed_on, debt
    from contract.plan
    where phase = 'prevention' and framework = 'landlord' and coalesce(known_on, signed_on) <= (select as_of from night)
),
plan_instalment as (
    select plan_id, datediff('month', min(due_on), max(due_on)) + 1 as months from contract.plan_instalment group by plan_id
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
told_month as (
    select closing.month, closing.is_partial, closing.month - to_months(setting.window_months) as after_month
    from closing
    cross join setting
    where closing.month >= (select min(month) from closing) + to_months(setting.window_months - 1)
),
counted as (
    select 'plan_kept_rate' as indicator_id, lease_id, agency_id, month, is_kept as is_good, is_kept as has_case
    from instalment
    union all
    select
        'plan_compliance' as indicator_id,
        plan.lease_id,
        lease.agency_id,
        date_trunc('month', plan.signed_on)::date as month,
        plan.debt >= setting.plan_minimum_debt and coalesce(plan_instalment.months <= setting.plan_longest_months, false) as is_good,
        null::boolean as has_case
    from plan
    inner join lease on plan.lease_id = lease.lease_id
    cross join setting
    left join plan_instalment on plan.id = plan_instalment.plan_id
),
by_slice as (
    select
        counted.indicator_id,
        slice.level,
        slice.slice_id,
        told_month.month,
        told_month.is_partial,
        count(*) filter (where counted.is_good)::decimal(18, 2) as numerator,
        count(*)::decimal(18, 2) as denominator,
        count(*)::integer as volume,
        case
            when counted.indicator_id = 'plan_kept_rate' then count(distinct counted.lease_id) filter (where counted.has_case)
        end::integer as cases,
        count(distinct counted.lease_id)::integer as base_cases
    from counted
    inner join told_month on counted.month <= told_month.month and counted.month > told_month.after_month
    inner join slice on counted.agency_id = slice.agency_id
    group by counted.indicator_id, slice.level, slice.slice_id, told_month.month, told_month.is_partial
)
select * from by_slice
