-- Letters and calls done on the dates that the procedure asks for, within its tolerance, among those asked for in the month.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  schedule_kept, schedule_kept.letters or schedule_kept.calls
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     actions done on their date
--   denominator   actions asked for, those of the month under way once their tolerance is over
--   volume        actions asked for
--   cases         not used here: the numerator counts the landlord's own conduct
--   base_cases    leases with an action asked for
-- checks:
--   numerator between 0 and denominator
-- indicators:
--   schedule_kept: &schedule
--     family: conduct
--     position: 320
--     headline: true
--     label_fr: Procédure tenue à ses dates
--     unit: ratio
--     good_direction: up
--     perimeter: present
--     formula_fr: "lettres et appels faits à la date prévue par la procédure, à la tolérance près ÷ lettres et appels que la procédure demandait dans le mois. Rien n'est demandé pendant une suspension, un plan ou l'attente d'un règlement non rapproché, ni si le ménage a payé"
--   schedule_kept.letters: { <<: *schedule, position: 321, headline: false, label_fr: Lettres parties à leur date, formula_fr: "lettres parties à la date prévue par la procédure, à la tolérance près ÷ lettres que la procédure demandait dans le mois" }
--   schedule_kept.calls: { <<: *schedule, position: 322, headline: false, label_fr: Appels faits à leur date, formula_fr: "appels faits à la date prévue par la procédure, à la tolérance près ÷ appels que la procédure demandait dans le mois" }
with closing as (
    select month, is_partial from arrears.closing
),
asked as (
    select lease_id, month, agency_id, kind, is_kept from conduct.asked
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
by_indicator as (
    select 'schedule_kept' as indicator_id, lease_id, month, agency_id, is_kept from asked
    union all
    select 'schedule_kept.letters' as indicator_id, lease_id, month, agency_id, is_kept from asked
    where kind = 'letter'
    union all
    select 'schedule_kept.calls' as indicator_id, lease_id, month, agency_id, is_kept from asked
    where kind = 'call'
),
by_slice as (
    select
        by_indicator.indicator_id,
        slice.level,
        slice.slice_id,
        by_indicator.month,
        closing.is_partial,
        count(*) filter (where by_indicator.is_kept)::decimal(18, 2) as numerator,
        count(*)::decimal(18, 2) as denominator,
        count(*)::integer as volume,
        null::integer as cases,
        count(distinct by_indicator.lease_id)::integer as base_cases
    from by_indicator
    inner join closing on by_indicator.month = closing.month
    inner join slice on by_indicator.agency_id = slice.agency_id
    group by by_indicator.indicator_id, slice.level, slice.slice_id, by_indicator.month, closing.is_partial
)
select * from by_slice
