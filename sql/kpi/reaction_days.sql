-- Days from the first unpaid due date of a case to the first contact, attempted and reached: median, 90th percentile, and the
-- share within the days of the procedure. Cases opened in the months looked back on. A case without a contact is no fast one and no
-- slow one: it is counted as long as it was seen (Kaplan–Meier), until the closing or until nothing was owed any more.
-- Told once the months looked back on are all in the ledger.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  reaction_days.<contact>.median, reaction_days.<contact>.p90 or reaction_within_10.<contact>; contact: attempted or reached
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     always null: the figures are quantiles of a curve
--   denominator   cases
--   volume        cases
--   cases         not used here
--   base_cases    cases: households in arrears behind the figure
--   value         days, or a share; null where the curve does not come down that far
-- checks:
--   value >= 0
--   indicator_id not like 'reaction_within%' or value <= 1
-- indicators:
--   reaction_days.attempted.median: &days
--     family: conduct
--     position: 300
--     headline: true
--     label_fr: "Délai avant la première prise de contact, médiane"
--     unit: days
--     good_direction: down
--     perimeter: present
--     formula_fr: "jours entre la première échéance impayée et la première prise de contact (lettre, SMS, courriel, appel, visite ou entretien, aboutis ou non), médiane des dossiers ouverts sur 12 mois. Les dossiers sans contact comptent pour le temps où ils ont été suivis (Kaplan-Meier)"
--   reaction_days.attempted.p90: { <<: *days, position: 301, headline: false, label_fr: "Délai avant la première prise de contact, 9 dossiers sur 10", formula_fr: "jours au bout desquels 9 dossiers sur 10, parmi ceux ouverts sur 12 mois, ont eu une première prise de contact, aboutie ou non (Kaplan-Meier). Sans valeur tant que moins de 9 dossiers sur 10 en ont eu une" }
--   reaction_within_10.attempted: &share { <<: *days, position: 302, headline: false, unit: ratio, good_direction: up, label_fr: "Première prise de contact dans le délai", formula_fr: "part des dossiers ouverts sur 12 mois dont la première prise de contact, aboutie ou non, a lieu dans le délai de la procédure (10 jours par défaut) après la première échéance impayée (Kaplan-Meier)" }
--   reaction_days.reached.median: { <<: *days, position: 303, headline: false, label_fr: "Délai avant le premier échange avec le ménage, médiane", formula_fr: "jours entre la première échéance impayée et le premier échange avec le ménage (appel, visite ou entretien aboutis), médiane des dossiers ouverts sur 12 mois (Kaplan-Meier). Sans valeur tant que moins de la moitié des ménages ont été joints" }
--   reaction_days.reached.p90: { <<: *days, position: 304, headline: false, label_fr: "Délai avant le premier échange avec le ménage, 9 dossiers sur 10", formula_fr: "jours au bout desquels 9 ménages sur 10, parmi les dossiers ouverts sur 12 mois, ont été joints (Kaplan-Meier). Sans valeur tant que moins de 9 ménages sur 10 l'ont été" }
--   reaction_within_10.reached: { <<: *share, position: 305, label_fr: "Premier échange avec le ménage dans le délai", formula_fr: "part des dossiers ouverts sur 12 mois dont le ménage a été joint dans le délai de la procédure (10 jours par défaut) après la première échéance impayée (Kaplan-Meier)" }
with setting as (
    select window_months, first_contact_days from strategy.procedure
),
closing as (
    select month, closing_on, is_partial from arrears.closing
),
arrears_case as (
    select lease_id, opened_month, agency_id, first_unpaid_on, ended_on, first_attempted_on, first_reached_on from conduct.case
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
told_month as (
    select closing.month, closing.closing_on, closing.is_partial, setting.window_months
    from closing
    cross join setting
    where closing.month >= (select min(month) from closing) + to_months(setting.window_months)
),
followed as (
    select
        told_month.month,
        told_month.is_partial,
        arrears_case.agency_id,
        arrears_case.first_unpaid_on,
        arrears_case.first_attempted_on,
        arrears_case.first_reached_on,
        least(told_month.closing_on, arrears_case.ended_on) as seen_until
    from told_month
    inner join arrears_case
        on arrears_case.opened_month <= told_month.month
        and arrears_case.opened_month > told_month.month - to_months(told_month.window_months)
),
by_contact as (
    select month, is_partial, agency_id, 'attempted' as contact, first_unpaid_on, first_attempted_on as first_on, seen_until
    from followed
    union all
    select month, is_partial, agency_id, 'reached' as contact, first_unpaid_on, first_reached_on as first_on, seen_until
    from followed
),
timed as (
    select
        month,
        is_partial,
        agency_id,
        contact,
        coalesce(first_on <= seen_until, false) as is_contacted,
        (case when first_on <= seen_until then first_on else seen_until end - first_unpaid_on)::integer as days
    from by_contact
),
by_day as (
    select
        slice.level,
        slice.slice_id,
        timed.month,
        timed.is_partial,
        timed.contact,
        timed.days,
        count(*) as leaving,
        count(*) filter (where timed.is_contacted) as contacted
    from timed
    inner join slice on timed.agency_id = slice.agency_id
    group by 1, 2, 3, 4, 5, 6
),
at_risk as (
    select
        *,
        sum(leaving) over (partition by level, slice_id, month, contact order by days desc) as followed
    from by_day
),
survival as (
    select
        *,
        round(
            product(1 - contacted::double / followed::double) over (partition by level, slice_id, month, contact order by days), 9
        ) as without_contact
    from at_risk
),
curve as (
    select
        survival.level,
        survival.slice_id,
        survival.month,
        survival.is_partial,
        survival.contact,
        sum(survival.leaving) as followed,
        min(survival.days) filter (where survival.without_contact <= 0.5) as median_days,
        min(survival.days) filter (where survival.without_contact <= 0.1) as p90_days,
        1 - coalesce(min(survival.without_contact) filter (where survival.days <= setting.first_contact_days), 1) as share_in_time
    from survival
    cross join setting
    group by 1, 2, 3, 4, 5
),
figure as (
    select 'reaction_days.' || contact || '.median' as indicator_id, median_days::double as value, * from curve
    union all
    select 'reaction_days.' || contact || '.p90' as indicator_id, p90_days::double as value, * from curve
    union all
    select 'reaction_within_10.' || contact as indicator_id, share_in_time as value, * from curve
),
told as (
    select
        indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        null::decimal(18, 2) as numerator,
        followed::decimal(18, 2) as denominator,
        followed::integer as volume,
        null::integer as cases,
        followed::integer as base_cases,
        value
    from figure
)
select * from told
