-- What the law asks of the landlord and what is done to keep people in their homes, over the months of the procedure looked back on. Told
-- once they are all in the history. Rules with their dates stand in the strategy (rules). The days between the hand-over of a
-- case and its first act are a median that counts cases without an act as long as they were seen (Kaplan–Meier).
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  legal_and_social.<subject>
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     of a ratio, what was as it should be; else null
--   denominator   of a ratio, all; of a median, the cases; of a count, the leases present at the closing
--   volume        what the figure stands on
--   cases         leases counted; null for ratios, whose numerator is the landlord's own conduct, and for evictions in the truce
--   base_cases    leases behind the denominator of a ratio or median; null where they are not in arrears
--   value         the ratio, the count or the days
-- checks:
--   value >= 0
-- indicators:
--   legal_and_social.caf_on_time: &ratio
--     family: social
--     position: 360
--     headline: true
--     label_fr: Signalements à la CAF faits à temps
--     unit: ratio
--     good_direction: up
--     perimeter: present
--     formula_fr: "impayés signalés à la CAF dans le délai légal ÷ impayés de bénéficiaires d'une aide au logement dont le délai de signalement s'achève sur 12 mois, hors dettes soldées avant. L'impayé est constitué à deux quittances (nettes si l'aide est versée au bailleur, brutes sinon) jusqu'au 31 décembre 2026 ; au-delà de 450 € ou à trois mois d'impayé à partir de 2027"
--   legal_and_social.ccapex_on_time: { <<: *ratio, position: 361, headline: false, label_fr: CCAPEX saisie à temps avant l'assignation, formula_fr: "assignations précédées d'au moins deux mois par la saisine de la CCAPEX, ou par le signalement à la CAF qui en tient lieu ÷ assignations sur 12 mois" }
--   legal_and_social.notice_delay: { <<: *ratio, position: 362, headline: false, label_fr: Délai du commandement respecté, formula_fr: "assignations précédées d'un commandement de payer dont le délai légal, ou celui de la clause du bail s'il est plus long, était écoulé ÷ assignations sur 12 mois" }
--   legal_and_social.move_in_diagnosis: { <<: *ratio, position: 363, headline: false, label_fr: Diagnostics sociaux à l'entrée, formula_fr: "nouveaux locataires dont le diagnostic social a été fait dans le délai de la procédure (60 jours par défaut) ÷ nouveaux locataires dont ce délai s'achève sur 12 mois" }
--   legal_and_social.days_to_first_act: { <<: *ratio, position: 364, headline: false, unit: days, good_direction: down, label_fr: "Délai entre le passage au contentieux et son premier acte, médiane", formula_fr: "jours entre le passage du dossier au pôle contentieux et suivi social et le premier contact ou acte de ce pôle, médiane des dossiers transmis sur 12 mois. Les dossiers sans acte comptent pour le temps où ils ont été suivis (Kaplan-Meier)" }
--   legal_and_social.fsl_requested: &count { <<: *ratio, position: 365, headline: false, unit: count, label_fr: Demandes de FSL, formula_fr: nombre de demandes au fonds de solidarité pour le logement sur 12 mois }
--   legal_and_social.fsl_granted: { <<: *count, position: 366, label_fr: Aides FSL accordées, formula_fr: nombre d'aides accordées par le fonds de solidarité pour le logement sur 12 mois }
--   legal_and_social.protocols: { <<: *count, position: 367, label_fr: Protocoles de cohésion sociale, formula_fr: nombre de protocoles de cohésion sociale entrés en vigueur sur 12 mois }
--   legal_and_social.notices: { <<: *count, position: 368, good_direction: down, label_fr: Commandements de payer, formula_fr: nombre de commandements de payer sur 12 mois }
--   legal_and_social.summons: { <<: *count, position: 369, good_direction: down, label_fr: Assignations, formula_fr: nombre d'assignations sur 12 mois }
--   legal_and_social.evictions: { <<: *count, position: 370, good_direction: down, label_fr: Expulsions, formula_fr: nombre d'expulsions sur 12 mois }
--   legal_and_social.evictions_in_truce: { <<: *count, position: 371, good_direction: down, label_fr: Expulsions pendant la trêve hivernale, formula_fr: "nombre d'expulsions pendant la trêve hivernale (1er novembre – 31 mars) sur 12 mois. Objectif : zéro" }
with setting as (
    select window_months from strategy.procedure
),
closing as (
    select month, closing_on, is_partial from arrears.closing
),
lease_month as (
    select agency_id, month from arrears.lease_month where use = 'residential' and status = 'present'
),
legal_act as (
    select subject, lease_id, agency_id, month, is_good from conduct.legal_act
),
handover as (
    select lease_id, agency_id, handed_over_on, month, first_act_on, ended_on from conduct.handover
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
told_month as (
    select
        closing.month,
        closing.closing_on,
        closing.is_partial,
        closing.month - to_months(setting.window_months) as after_month
    from closing
    cross join setting
    where closing.month >= (select min(month) from closing) + to_months(setting.window_months - 1)
),
present as (
    select slice.level, slice.slice_id, told_month.month, told_month.is_partial, count(*) as leases
    from lease_month
    inner join told_month on lease_month.month = told_month.month
    inner join slice on lease_month.agency_id = slice.agency_id
    group by slice.level, slice.slice_id, told_month.month, told_month.is_partial
),
in_window as (
    select
        slice.level,
        slice.slice_id,
        told_month.month,
        legal_act.subject,
        count(*) as acts,
        count(*) filter (where legal_act.is_good) as good,
        count(distinct legal_act.lease_id) as leases
    from legal_act
    inner join told_month on legal_act.month <= told_month.month and legal_act.month > told_month.after_month
    inner join slice on legal_act.agency_id = slice.agency_id
    group by slice.level, slice.slice_id, told_month.month, legal_act.subject
),
subject as (
    select subject, indicator_id, is_ratio, is_secret
    from (
        values
            ('caf_report', 'caf_on_time', true, true),
            ('ccapex', 'ccapex_on_time', true, true),
            ('notice_delay', 'notice_delay', true, true),
            ('diagnosis', 'move_in_diagnosis', true, false),
            ('fsl_request', 'fsl_requested', false, true),
            ('fsl_grant', 'fsl_granted', false, true),
            ('protocol', 'protocols', false, true),
            ('notice', 'notices', false, true),
            ('summons', 'summons', false, true),
            ('eviction', 'evictions', false, true),
            ('eviction', 'evictions_in_truce', false, false)
    ) as subject (subject, indicator_id, is_ratio, is_secret)
),
ratio as (
    select
        'legal_and_social.' || subject.indicator_id as indicator_id,
        in_window.level,
        in_window.slice_id,
        in_window.month,
        present.is_partial,
        in_window.good::decimal(18, 2) as numerator,
        in_window.acts::decimal(18, 2) as denominator,
        in_window.acts::integer as volume,
        null::integer as cases,
        case when subject.is_secret then in_window.leases end::integer as base_cases,
        in_window.good::double / in_window.acts::double as value
    from in_window
    inner join subject on in_window.subject = subject.subject and subject.is_ratio
    inner join present
        on in_window.level = present.level
        and in_window.slice_id = present.slice_id
        and in_window.month = present.month
),
act_count as (
    select
        'legal_and_social.' || subject.indicator_id as indicator_id,
        present.level,
        present.slice_id,
        present.month,
        present.is_partial,
        null::decimal(18, 2) as numerator,
        present.leases::decimal(18, 2) as denominator,
        present.leases::integer as volume,
        case when subject.is_secret then coalesce(in_window.leases, 0) end::integer as cases,
        null::integer as base_cases,
        case
            when subject.indicator_id = 'evictions_in_truce' then coalesce(in_window.acts - in_window.good, 0)
            else coalesce(in_window.acts, 0)
        end::double as value
    from present
    cross join subject
    left join in_window
        on present.level = in_window.level
        and present.slice_id = in_window.slice_id
        and present.month = in_window.month
        and subject.subject = in_window.subject
    where not subject.is_ratio
),
followed as (
    select
        told_month.month,
        told_month.is_partial,
        handover.agency_id,
        handover.lease_id,
        handover.handed_over_on,
        handover.first_act_on,
        least(told_month.closing_on, handover.ended_on) as seen_until
    from handover
    inner join told_month on handover.month <= told_month.month and handover.month > told_month.after_month
),
timed as (
    select
        month,
        is_partial,
        agency_id,
        lease_id,
        coalesce(first_act_on <= seen_until, false) as is_acted,
        (case when first_act_on <= seen_until then first_act_on else seen_until end - handed_over_on)::integer as days
    from followed
),
by_day as (
    select
        slice.level,
        slice.slice_id,
        timed.month,
        timed.is_partial,
        timed.days,
        count(*) as leaving,
        count(*) filter (where timed.is_acted) as acted
    from timed
    inner join slice on timed.agency_id = slice.agency_id
    group by slice.level, slice.slice_id, timed.month, timed.is_partial, timed.days
),
at_risk as (
    select *, sum(leaving) over (partition by level, slice_id, month order by days desc) as followed from by_day
),
survival as (
    select
        *,
        round(product(1 - acted::double / followed::double) over (partition by level, slice_id, month order by days), 9) as without_act
    from at_risk
),
first_act as (
    select
        'legal_and_social.days_to_first_act' as indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        null::decimal(18, 2) as numerator,
        sum(leaving)::decimal(18, 2) as denominator,
        sum(leaving)::integer as volume,
        null::integer as cases,
        sum(leaving)::integer as base_cases,
        (min(days) filter (where without_act <= 0.5))::double as value
    from survival
    group by level, slice_id, month, is_partial
),
told as (
    select * from ratio
    union all
    select * from act_count
    union all
    select * from first_act
)
select * from told
