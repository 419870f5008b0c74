-- Shares of present leases that owe at least one, two or three whole terms, a term a year old, or any balance worth the name.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  share_1_term, share_2_terms, share_3_terms, share_12_months or share_late
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     present leases that owe that many whole terms; whose oldest unpaid term fell due twelve full months ago or more; whose due balance is above the strategy's arrears.late_euros
--   denominator   present leases
--   volume        present leases
--   cases         the numerator: households behind the figure
--   base_cases    not used here
-- checks:
--   numerator between 0 and denominator
-- indicators:
--   share_1_term:
--     family: arrears
--     position: 40
--     label_fr: Ménages devant au moins 1 terme
--     unit: ratio
--     good_direction: down
--     perimeter: present
--     formula_fr: baux présents devant au moins un terme entier ÷ baux occupés. Un terme compte une fois passés sa date d'échéance et les jours de grâce
--   share_2_terms:
--     family: arrears
--     position: 41
--     label_fr: Ménages devant au moins 2 termes
--     unit: ratio
--     good_direction: down
--     perimeter: present
--     formula_fr: baux présents devant au moins deux termes entiers ÷ baux occupés
--   share_3_terms:
--     family: arrears
--     position: 42
--     headline: true
--     label_fr: Ménages devant au moins 3 termes
--     unit: ratio
--     good_direction: down
--     perimeter: present
--     formula_fr: "baux présents devant au moins trois termes entiers ÷ baux occupés. Repère national fin 2022 : 6,6 %"
--   share_12_months:
--     family: arrears
--     position: 43
--     label_fr: Ménages avec un impayé de 12 mois ou plus
--     unit: ratio
--     good_direction: down
--     perimeter: present
--     formula_fr: "baux présents dont le plus ancien terme impayé, même en partie, est échu depuis 12 mois pleins ou plus ÷ baux occupés. Repère national fin 2022 : 1,5 %"
--   share_late:
--     family: arrears
--     position: 44
--     label_fr: Ménages en retard de paiement
--     unit: ratio
--     good_direction: down
--     perimeter: present
--     formula_fr: "baux présents dont le solde échu dépasse le seuil de retard (10 € par défaut) ÷ baux occupés. Repère national fin 2022 : 19,6 %"
with setting as (
    select late_euros from strategy.setting
),
lease_month as (
    select month, is_partial, agency_id, terms_owed, age_months, due_balance
    from arrears.lease_month
    where use = 'residential' and status = 'present'
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
by_agency as (
    select
        lease_month.month,
        lease_month.is_partial,
        lease_month.agency_id,
        count(*) as leases,
        count(*) filter (where lease_month.terms_owed >= 1) as owing_1,
        count(*) filter (where lease_month.terms_owed >= 2) as owing_2,
        count(*) filter (where lease_month.terms_owed >= 3) as owing_3,
        count(*) filter (where lease_month.age_months >= 12) as owing_12_months,
        count(*) filter (where lease_month.due_balance > setting.late_euros) as late
    from lease_month
    cross join setting
    group by lease_month.month, lease_month.is_partial, lease_month.agency_id
),
by_indicator as (
    select month, is_partial, agency_id, leases, 'share_1_term' as indicator_id, owing_1 as owing from by_agency
    union all
    select month, is_partial, agency_id, leases, 'share_2_terms' as indicator_id, owing_2 as owing from by_agency
    union all
    select month, is_partial, agency_id, leases, 'share_3_terms' as indicator_id, owing_3 as owing from by_agency
    union all
    select month, is_partial, agency_id, leases, 'share_12_months' as indicator_id, owing_12_months as owing from by_agency
    union all
    select month, is_partial, agency_id, leases, 'share_late' as indicator_id, late as owing from by_agency
),
by_slice as (
    select
        by_indicator.indicator_id,
        slice.level,
        slice.slice_id,
        by_indicator.month,
        by_indicator.is_partial,
        sum(by_indicator.owing)::decimal(18, 2) as numerator,
        sum(by_indicator.leases)::decimal(18, 2) as denominator,
        sum(by_indicator.leases)::integer as volume,
        sum(by_indicator.owing)::integer as cases,
        null::integer as base_cases
    from by_indicator
    inner join slice on by_indicator.agency_id = slice.agency_id
    group by by_indicator.indicator_id, slice.level, slice.slice_id, by_indicator.month, by_indicator.is_partial
)
select * from by_slice
