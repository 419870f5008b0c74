-- Cadence of reminders: of the open cases that were reminded again in the month, those whose reminders followed one another
-- as the procedure wants, and those that were reminded too soon.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  reminder_cadence or reminder_cadence.over_chased
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     cases whose reminders all kept the cadence; cases with one too soon
--   denominator   cases reminded again in the month; for the cadence, without those that were to be left in peace meanwhile
--   volume        the same
--   cases         not used here: the numerator counts the landlord's own conduct
--   base_cases    households behind the denominator
-- checks:
--   numerator between 0 and denominator
-- indicators:
--   reminder_cadence:
--     family: conduct
--     position: 310
--     label_fr: Relances au bon rythme
--     unit: ratio
--     good_direction: up
--     perimeter: present
--     formula_fr: "dossiers dont les relances du mois suivent toutes la précédente du nombre de jours voulu par la procédure (7 à 10 par défaut) ÷ dossiers relancés à nouveau dans le mois, hors suspensions et plans. Une lettre et l'appel qui l'accompagne comptent pour une relance"
--   reminder_cadence.over_chased:
--     family: conduct
--     position: 311
--     label_fr: Dossiers relancés trop vite
--     unit: ratio
--     good_direction: down
--     perimeter: present
--     formula_fr: "dossiers dont une relance du mois suit la précédente de moins de jours que la procédure ne le veut (7 par défaut) ÷ dossiers relancés à nouveau dans le mois"
with closing as (
    select month, is_partial from arrears.closing
),
reminder_gap as (
    select lease_id, month, agency_id, was_stopped, is_too_soon, is_in_cadence from conduct.reminder_gap
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
by_case as (
    select
        lease_id,
        month,
        agency_id,
        bool_or(was_stopped) as was_stopped,
        bool_and(is_in_cadence) as is_in_cadence,
        bool_or(is_too_soon) as is_too_soon
    from reminder_gap
    group by lease_id, month, agency_id
),
by_indicator as (
    select 'reminder_cadence' as indicator_id, month, agency_id, is_in_cadence as is_counted from by_case
    where not was_stopped
    union all
    select 'reminder_cadence.over_chased' as indicator_id, month, agency_id, is_too_soon as is_counted from by_case
),
by_slice as (
    select
        by_indicator.indicator_id,
        slice.level,
        slice.slice_id,
        by_indicator.month,
        closing.is_partial,
        count(*) filter (where by_indicator.is_counted)::decimal(18, 2) as numerator,
        count(*)::decimal(18, 2) as denominator,
        count(*)::integer as volume,
        null::integer as cases,
        count(*)::integer as base_cases
    from by_indicator
    inner join closing on by_indicator.month = closing.month
    inner join slice on by_indicator.agency_id = slice.agency_id
    group by by_indicator.indicator_id, slice.level, slice.slice_id, by_indicator.month, closing.is_partial
)
select * from by_slice
