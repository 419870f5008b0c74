-- Share of the present leases owing k whole terms at the start of a month that owe more at its end.
-- Households that left in the month stay in the denominator and are in no numerator. Told from the second month of the ledger.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  roll_rate.0_1, roll_rate.1_2, roll_rate.2_3 or roll_rate.3_4
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     of them, leases present at the end owing k + 1 whole terms or more
--   denominator   leases present at the start owing k whole terms
--   volume        the denominator
--   cases         the numerator: households behind the figure
--   base_cases    the denominator; not used for k = 0, whose households are not in arrears
-- checks:
--   numerator between 0 and denominator
-- indicators:
--   roll_rate.0_1: &roll
--     family: flows
--     position: 162
--     label_fr: De 0 à 1 terme dû ou plus
--     unit: ratio
--     good_direction: down
--     perimeter: present
--     formula_fr: baux présents passés d'aucun terme entier dû au début du mois à un ou plus à sa fin ÷ baux présents qui n'en devaient aucun au début du mois
--   roll_rate.1_2: { <<: *roll, position: 163, label_fr: De 1 à 2 termes dus ou plus, formula_fr: baux présents passés d'un terme entier dû au début du mois à deux ou plus à sa fin ÷ baux présents qui en devaient un au début du mois }
--   roll_rate.2_3: { <<: *roll, position: 164, label_fr: De 2 à 3 termes dus ou plus, formula_fr: baux présents passés de deux termes entiers dus au début du mois à trois ou plus à sa fin ÷ baux présents qui en devaient deux au début du mois }
--   roll_rate.3_4: { <<: *roll, position: 165, label_fr: De 3 à 4 termes dus ou plus, formula_fr: baux présents passés de trois termes entiers dus au début du mois à quatre ou plus à sa fin ÷ baux présents qui en devaient trois au début du mois }
with lease_month as (
    select month, agency_id, floor(terms_owed)::integer as whole_terms
    from arrears.lease_month
    where use = 'residential' and status = 'present' and terms_owed < 4
),
transition as (
    select month, agency_id, from_terms
    from arrears.transition
    where use = 'residential' and to_status = 'present' and to_terms > from_terms and from_terms < 4
),
closing as (
    select month, is_partial from arrears.closing
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
at_start as (
    select (month + interval 1 month)::date as month, agency_id, whole_terms as from_terms, count(*) as leases
    from lease_month
    group by month, agency_id, whole_terms
),
worse as (
    select month, agency_id, from_terms, count(*) as leases from transition group by month, agency_id, from_terms
),
by_slice as (
    select
        slice.level,
        slice.slice_id,
        closing.month,
        closing.is_partial,
        at_start.from_terms,
        sum(at_start.leases) as leases,
        coalesce(sum(worse.leases), 0) as rolled
    from at_start
    inner join closing on at_start.month = closing.month
    inner join slice on at_start.agency_id = slice.agency_id
    left join worse
        on at_start.agency_id = worse.agency_id and at_start.month = worse.month and at_start.from_terms = worse.from_terms
    group by slice.level, slice.slice_id, closing.month, closing.is_partial, at_start.from_terms
),
rate as (
    select
        'roll_rate.' || from_terms || '_' || (from_terms + 1) as indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        rolled::decimal(18, 2) as numerator,
        leases::decimal(18, 2) as denominator,
        leases::integer as volume,
        rolled::integer as cases,
        case when from_terms > 0 then leases::integer end as base_cases
    from by_slice
)
select * from rate
