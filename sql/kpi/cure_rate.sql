-- Share of the present leases owing a whole term at a month end that owed none any more within one, three or six months.
-- Cured: a later month end finds no whole term owed, and the household present. A debt written off or erased is not cured, nor
-- one that its household left with: arrears.spell says how each spell ended. Told at the end of the months that are watched.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  cure_rate_1m, cure_rate_3m or cure_rate_6m
--   level         company, sector or agency
--   slice_id      the slice
--   month         last month watched
--   is_partial    true for the month under way
--   numerator     of them, leases cured by the end of the month
--   denominator   leases present that owed a whole term one, three or six month ends before
--   volume        the denominator
--   cases         the numerator: households behind the figure
--   base_cases    the denominator
-- checks:
--   numerator between 0 and denominator
-- indicators:
--   cure_rate_1m: &cure
--     family: flows
--     position: 166
--     label_fr: Sorties d'impayé en 1 mois
--     unit: ratio
--     good_direction: up
--     perimeter: present
--     formula_fr: baux présents devant un terme entier à la fin du mois précédent et n'en devant plus aucun à la fin du mois ÷ baux présents devant un terme entier à la fin du mois précédent. Une perte, un effacement ou un départ n'est pas une sortie
--   cure_rate_3m: { <<: *cure, position: 167, label_fr: Sorties d'impayé en 3 mois, formula_fr: "baux présents devant un terme entier trois fins de mois plus tôt et revenus depuis à aucun ÷ baux présents devant un terme entier trois fins de mois plus tôt. Une perte, un effacement ou un départ n'est pas une sortie" }
--   cure_rate_6m: { <<: *cure, position: 168, headline: true, label_fr: Sorties d'impayé en 6 mois, formula_fr: "baux présents devant un terme entier six fins de mois plus tôt et revenus depuis à aucun ÷ baux présents devant un terme entier six fins de mois plus tôt. Une perte, un effacement ou un départ n'est pas une sortie" }
with spell as (
    select agency_id, onset_month, last_month, case when ended_by = 'settled' then ended_month end as cured_month
    from arrears.spell
    where use = 'residential'
),
closing as (
    select month, is_partial from arrears.closing
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
owing as (
    select agency_id, closing.month, spell.cured_month, count(*) as leases
    from spell
    inner join closing on closing.month between spell.onset_month and spell.last_month
    group by spell.agency_id, closing.month, spell.cured_month
),
horizon as (
    select months from (values (1), (3), (6)) as horizon (months)
),
watched as (
    select
        owing.agency_id,
        horizon.months,
        (owing.month + to_months(horizon.months))::date as month,
        sum(owing.leases) as leases,
        coalesce(sum(owing.leases) filter (where owing.cured_month <= owing.month + to_months(horizon.months)), 0) as cured
    from owing
    cross join horizon
    group by 1, 2, 3
),
by_slice as (
    select
        'cure_rate_' || watched.months || 'm' as indicator_id,
        slice.level,
        slice.slice_id,
        closing.month,
        closing.is_partial,
        sum(watched.cured)::decimal(18, 2) as numerator,
        sum(watched.leases)::decimal(18, 2) as denominator,
        sum(watched.leases)::integer as volume,
        sum(watched.cured)::integer as cases,
        sum(watched.leases)::integer as base_cases
    from watched
    inner join closing on watched.month = closing.month
    inner join slice on watched.agency_id = slice.agency_id
    group by watched.months, slice.level, slice.slice_id, closing.month, closing.is_partial
)
select * from by_slice
