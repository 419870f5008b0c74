-- Reminders and collection acts while nothing was due, counted in the month in which they were done: harm by value date, fault by what
-- the landlord had booked the evening before. Target 0. Offers of help are never counted. The landlord's own conduct: no household in
-- arrears is counted. The list of cases goes to the restricted export (restricted.chased_though_paid).
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  chased_though_paid.harm or chased_though_paid.fault
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     always null: the figure is a count
--   denominator   reminders and collection acts of the month
--   volume        the same
--   cases         not used here: the landlord's own conduct
--   base_cases    not used here
--   value         those done while nothing was due
-- checks:
--   value between 0 and denominator
-- indicators:
--   chased_though_paid.harm:
--     family: conduct
--     position: 330
--     headline: true
--     label_fr: Relancés alors qu'ils avaient payé
--     unit: count
--     good_direction: down
--     perimeter: both
--     formula_fr: "nombre de relances et d'actes de recouvrement du mois envers un locataire qui ne devait rien ce jour-là, en date de valeur (le tort fait au ménage). Les offres d'aide ne comptent pas. Objectif : zéro"
--   chased_though_paid.fault:
--     family: conduct
--     position: 331
--     label_fr: Relancés alors que le paiement était comptabilisé
--     unit: count
--     good_direction: down
--     perimeter: both
--     formula_fr: "nombre de relances et d'actes de recouvrement du mois envers un locataire qui ne devait rien d'après les écritures comptabilisées la veille au plus tard (la faute du bailleur). Les offres d'aide ne comptent pas. Objectif : zéro"
with closing as (
    select month, is_partial from arrears.closing
),
action as (
    select agency_id, month from conduct.action where purpose in ('reminder', 'collection_act')
),
chased as (
    select agency_id, month, is_harm, is_fault from conduct.chased
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
acted as (
    select agency_id, month, count(*) as acts from action group by agency_id, month
),
paid as (
    select
        agency_id,
        month,
        count(*) filter (where is_harm) as harm,
        count(*) filter (where is_fault) as fault
    from chased
    group by agency_id, month
),
by_slice as (
    select
        slice.level,
        slice.slice_id,
        closing.month,
        closing.is_partial,
        coalesce(sum(acted.acts), 0) as acts,
        coalesce(sum(paid.harm), 0) as harm,
        coalesce(sum(paid.fault), 0) as fault
    from closing
    cross join slice
    left join acted on slice.agency_id = acted.agency_id and closing.month = acted.month
    left join paid on slice.agency_id = paid.agency_id and closing.month = paid.month
    group by slice.level, slice.slice_id, closing.month, closing.is_partial
),
counted as (
    select 'chased_though_paid.harm' as indicator_id, level, slice_id, month, is_partial, acts, harm as value from by_slice
    union all
    select 'chased_though_paid.fault' as indicator_id, level, slice_id, month, is_partial, acts, fault as value from by_slice
),
told as (
    select
        indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        null::decimal(18, 2) as numerator,
        acts::decimal(18, 2) as denominator,
        acts::integer as volume,
        null::integer as cases,
        null::integer as base_cases,
        value::double as value
    from counted
)
select * from told
