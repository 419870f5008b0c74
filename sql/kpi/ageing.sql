-- Ageing of debt: euros by their own age, leases by the age of their oldest unpaid term, spells by their length.
-- Present and departed tenants apart. Under oldest-first allocation a lasting one-month debtor's debt looks young,
-- so the length of the spell stands beside the age of the debt.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  ageing.euros.<bucket>, ageing.leases.<bucket>, ageing.spells.<bucket>, ageing_departed.euros.<bucket> or ageing_departed.leases.<bucket>
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     euros, leases or spells in the bucket
--   denominator   all euros due, all leases with principal due, or all leases owing a whole term
--   volume        leases with a debt of that perimeter
--   cases         leases in the bucket
--   base_cases    leases behind the denominator
--   measure       euros, leases or spells
--   perimeter     present or departed
--   bucket        the bucket
-- checks:
--   numerator between 0 and denominator
--   cases between 0 and base_cases
-- indicators:
--   ageing.euros.0_1: &euros
--     family: ageing
--     position: 100
--     label_fr: Dette de moins d'1 mois
--     unit: ratio
--     good_direction: up
--     perimeter: present
--     formula_fr: euros échus non réglés depuis moins d'un mois ÷ tous les euros échus non réglés, locataires présents. Chaque euro a son propre âge
--   ageing.euros.1_3: { <<: *euros, position: 101, label_fr: Dette de 1 à 3 mois, good_direction: down, formula_fr: "euros échus non réglés depuis 1 à 3 mois ÷ tous les euros échus non réglés, locataires présents" }
--   ageing.euros.3_6: { <<: *euros, position: 102, label_fr: Dette de 3 à 6 mois, good_direction: down, formula_fr: "euros échus non réglés depuis 3 à 6 mois ÷ tous les euros échus non réglés, locataires présents" }
--   ageing.euros.6_12: { <<: *euros, position: 103, label_fr: Dette de 6 à 12 mois, good_direction: down, formula_fr: "euros échus non réglés depuis 6 à 12 mois ÷ tous les euros échus non réglés, locataires présents" }
--   ageing.euros.12_plus: { <<: *euros, position: 104, label_fr: Dette de 12 mois et plus, good_direction: down, formula_fr: "euros échus non réglés depuis 12 mois et plus ÷ tous les euros échus non réglés, locataires présents" }
--   ageing.leases.0_1: &leases
--     family: ageing
--     position: 110
--     label_fr: Ménages dont le plus ancien impayé a moins d'1 mois
--     unit: ratio
--     good_direction: up
--     perimeter: present
--     formula_fr: baux présents dont le plus ancien terme impayé a moins d'un mois ÷ baux présents qui doivent du principal
--   ageing.leases.1_3: { <<: *leases, position: 111, label_fr: Ménages dont le plus ancien impayé a 1 à 3 mois, good_direction: down, formula_fr: "baux présents dont le plus ancien terme impayé a 1 à 3 mois ÷ baux présents qui doivent du principal" }
--   ageing.leases.3_6: { <<: *leases, position: 112, label_fr: Ménages dont le plus ancien impayé a 3 à 6 mois, good_direction: down, formula_fr: "baux présents dont le plus ancien terme impayé a 3 à 6 mois ÷ baux présents qui doivent du principal" }
--   ageing.leases.6_12: { <<: *leases, position: 113, label_fr: Ménages dont le plus ancien impayé a 6 à 12 mois, good_direction: down, formula_fr: "baux présents dont le plus ancien terme impayé a 6 à 12 mois ÷ baux présents qui doivent du principal" }
--   ageing.leases.12_plus: { <<: *leases, position: 114, label_fr: Ménages dont le plus ancien impayé a 12 mois et plus, good_direction: down, formula_fr: "baux présents dont le plus ancien terme impayé a 12 mois et plus ÷ baux présents qui doivent du principal" }
--   ageing.spells.1_3: &spells
--     family: ageing
--     position: 120
--     label_fr: Épisodes de 1 à 2 fins de mois
--     unit: ratio
--     good_direction: up
--     perimeter: present
--     formula_fr: baux présents devant au moins un terme entier depuis 1 à 2 fins de mois de suite ÷ baux présents devant au moins un terme entier
--   ageing.spells.3_6: { <<: *spells, position: 121, label_fr: Épisodes de 3 à 5 fins de mois, good_direction: down, formula_fr: "baux présents devant au moins un terme entier depuis 3 à 5 fins de mois de suite ÷ baux présents devant au moins un terme entier" }
--   ageing.spells.6_12: { <<: *spells, position: 122, label_fr: Épisodes de 6 à 11 fins de mois, good_direction: down, formula_fr: "baux présents devant au moins un terme entier depuis 6 à 11 fins de mois de suite ÷ baux présents devant au moins un terme entier" }
--   ageing.spells.12_plus: { <<: *spells, position: 123, label_fr: Épisodes de 12 fins de mois et plus, good_direction: down, formula_fr: "baux présents devant au moins un terme entier depuis 12 fins de mois de suite ou plus ÷ baux présents devant au moins un terme entier" }
--   ageing_departed.euros.0_1: { <<: *euros, position: 130, perimeter: departed, label_fr: "Dette de moins d'1 mois, locataires partis", formula_fr: "euros échus non réglés depuis moins d'un mois ÷ tous les euros échus non réglés, locataires partis" }
--   ageing_departed.euros.1_3: { <<: *euros, position: 131, perimeter: departed, label_fr: "Dette de 1 à 3 mois, locataires partis", good_direction: down, formula_fr: "euros échus non réglés depuis 1 à 3 mois ÷ tous les euros échus non réglés, locataires partis" }
--   ageing_departed.euros.3_6: { <<: *euros, position: 132, perimeter: departed, label_fr: "Dette de 3 à 6 mois, locataires partis", good_direction: down, formula_fr: "euros échus non réglés depuis 3 à 6 mois ÷ tous les euros échus non réglés, locataires partis" }
--   ageing_departed.euros.6_12: { <<: *euros, position: 133, perimeter: departed, label_fr: "Dette de 6 à 12 mois, locataires partis", good_direction: down, formula_fr: "euros échus non réglés depuis 6 à 12 mois ÷ tous les euros échus non réglés, locataires partis" }
--   ageing_departed.euros.12_plus: { <<: *euros, position: 134, perimeter: departed, label_fr: "Dette de 12 mois et plus, locataires partis", good_direction: down, formula_fr: "euros échus non réglés depuis 12 mois et plus ÷ tous les euros échus non réglés, locataires partis" }
--   ageing_departed.leases.0_1: { <<: *leases, position: 140, perimeter: departed, label_fr: "Locataires partis dont le plus ancien impayé a moins d'1 mois", formula_fr: "baux partis dont le plus ancien terme impayé a moins d'un mois ÷ baux partis qui doivent du principal" }
--   ageing_departed.leases.1_3: { <<: *leases, position: 141, perimeter: departed, label_fr: "Locataires partis dont le plus ancien impayé a 1 à 3 mois", good_direction: down, formula_fr: "baux partis dont le plus ancien terme impayé a 1 à 3 mois ÷ baux partis qui doivent du principal" }
--   ageing_departed.leases.3_6: { <<: *leases, position: 142, perimeter: departed, label_fr: "Locataires partis dont le plus ancien impayé a 3 à 6 mois", good_direction: down, formula_fr: "baux partis dont le plus ancien terme impayé a 3 à 6 mois ÷ baux partis qui doivent du principal" }
--   ageing_departed.leases.6_12: { <<: *leases, position: 143, perimeter: departed, label_fr: "Locataires partis dont le plus ancien impayé a 6 à 12 mois", good_direction: down, formula_fr: "baux partis dont le plus ancien terme impayé a 6 à 12 mois ÷ baux partis qui doivent du principal" }
--   ageing_departed.leases.12_plus: { <<: *leases, position: 144, perimeter: departed, label_fr: "Locataires partis dont le plus ancien impayé a 12 mois et plus", good_direction: down, formula_fr: "baux partis dont le plus ancien terme impayé a 12 mois et plus ÷ baux partis qui doivent du principal" }
with lease_month as (
    select
        lease_id, month, closing_on, is_partial, agency_id, status, due_balance, principal_unpaid, fees_due, court_costs_due,
        terms_owed, oldest_unpaid_on, spell_months, bucket
    from arrears.lease_month
    where use = 'residential' and due_balance > 0
),
debit as (
    select lease_id, component, due_on, total_amount from arrears.debit
),
lettered_age as (
    select lease_id, component, month, bucket, amount from allocation.lettered_age
),
ageing_bucket as (
    select bucket, from_months, to_months from arrears.ageing_bucket
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
owed as (
    select
        lease_id,
        month,
        closing_on,
        is_partial,
        agency_id,
        status,
        'principal' as component,
        principal_unpaid as due,
        oldest_unpaid_on as due_since
    from lease_month
    where principal_unpaid > 0
    union all
    select
        lease_id, month, closing_on, is_partial, agency_id, status, 'fee' as component, fees_due as due, null::date as due_since
    from lease_month
    where fees_due > 0
    union all
    select
        lease_id,
        month,
        closing_on,
        is_partial,
        agency_id,
        status,
        'court_cost' as component,
        court_costs_due as due,
        null::date as due_since
    from lease_month
    where court_costs_due > 0
),
lettered_due as (
    select lease_id, component, month, sum(amount) as due from lettered_age group by lease_id, component, month
),
left_due as (
    select owed.* replace (owed.due - coalesce(lettered_due.due, 0) as due)
    from owed
    left join lettered_due
        on owed.lease_id = lettered_due.lease_id and owed.component = lettered_due.component and owed.month = lettered_due.month
),
with_asked as (
    select left_due.*, debit.total_amount as asked
    from left_due
    asof left join debit
        on left_due.lease_id = debit.lease_id and left_due.component = debit.component and left_due.closing_on >= debit.due_on
),
by_boundary as (
    select
        with_asked.*,
        ageing_bucket.bucket,
        ageing_bucket.from_months,
        case
            when with_asked.closing_on = last_day(with_asked.closing_on)
                then last_day(with_asked.closing_on - to_months(ageing_bucket.from_months))
            else (with_asked.closing_on - to_months(ageing_bucket.from_months))::date
        end as due_by
    from with_asked
    cross join ageing_bucket
),
old_enough as (
    select *
    from by_boundary
    where from_months > 0 and asked is not null and (due_since is null or due_since <= due_by)
),
at_least_as_old as (
    select lease_id, month, is_partial, agency_id, status, component, bucket, from_months, due
    from by_boundary
    where from_months = 0
    union all
    select
        old_enough.lease_id,
        old_enough.month,
        old_enough.is_partial,
        old_enough.agency_id,
        old_enough.status,
        old_enough.component,
        old_enough.bucket,
        old_enough.from_months,
        greatest(debit.total_amount - (old_enough.asked - old_enough.due), 0) as due
    from old_enough
    asof inner join debit
        on old_enough.lease_id = debit.lease_id
        and old_enough.component = debit.component
        and old_enough.due_by >= debit.due_on
),
in_bucket as (
    select
        lease_id,
        month,
        is_partial,
        agency_id,
        status,
        bucket,
        due - coalesce(lead(due) over (partition by lease_id, month, component order by from_months), 0) as due
    from at_least_as_old
),
lettered_in_bucket as (
    select
        owed.lease_id, owed.month, owed.is_partial, owed.agency_id, owed.status, lettered_age.bucket, lettered_age.amount as due
    from owed
    inner join lettered_age
        on owed.lease_id = lettered_age.lease_id and owed.component = lettered_age.component and owed.month = lettered_age.month
),
each_euro as (
    select * from in_bucket where due > 0
    union all
    select * from lettered_in_bucket
),
euros_by_lease as (
    select lease_id, month, is_partial, agency_id, status, bucket, sum(due) as due
    from each_euro
    group by lease_id, month, is_partial, agency_id, status, bucket
),
euros as (
    select month, is_partial, agency_id, status, 'euros' as measure, bucket, sum(due) as amount, count(*) as cases
    from euros_by_lease
    group by month, is_partial, agency_id, status, bucket
),
leases as (
    select
        month, is_partial, agency_id, status, 'leases' as measure, bucket, count(*) as amount, count(*) as cases
    from lease_month
    where bucket is not null
    group by month, is_partial, agency_id, status, bucket
),
spells as (
    select
        lease_month.month,
        lease_month.is_partial,
        lease_month.agency_id,
        lease_month.status,
        'spells' as measure,
        ageing_bucket.bucket,
        count(*) as amount,
        count(*) as cases
    from lease_month
    inner join ageing_bucket
        on lease_month.spell_months >= ageing_bucket.from_months
        and (lease_month.spell_months < ageing_bucket.to_months or ageing_bucket.to_months is null)
    where lease_month.spell_months >= 1 and lease_month.status = 'present'
    group by 1, 2, 3, 4, 6
),
counted as (
    select * from euros
    union all
    select * from leases
    union all
    select * from spells
),
base as (
    select
        month,
        is_partial,
        agency_id,
        status,
        'euros' as measure,
        sum(principal_unpaid + fees_due + court_costs_due) as amount,
        count(*) as cases
    from lease_month
    group by month, is_partial, agency_id, status
    union all
    select month, is_partial, agency_id, status, measure, sum(amount) as amount, sum(cases) as cases
    from counted
    where measure in ('leases', 'spells')
    group by month, is_partial, agency_id, status, measure
),
counted_by_slice as (
    select
        slice.level,
        slice.slice_id,
        counted.month,
        counted.status,
        counted.measure,
        counted.bucket,
        sum(counted.amount) as amount,
        sum(counted.cases) as cases
    from counted
    inner join slice on counted.agency_id = slice.agency_id
    group by 1, 2, 3, 4, 5, 6
),
base_by_slice as (
    select
        slice.level,
        slice.slice_id,
        base.month,
        base.is_partial,
        base.status,
        base.measure,
        sum(base.amount) as amount,
        sum(base.cases) as cases
    from base
    inner join slice on base.agency_id = slice.agency_id
    group by 1, 2, 3, 4, 5, 6
),
told as (
    select
        case base_by_slice.status when 'present' then 'ageing.' else 'ageing_departed.' end
        || base_by_slice.measure
        || '.'
        || ageing_bucket.bucket as indicator_id,
        base_by_slice.level,
        base_by_slice.slice_id,
        base_by_slice.month,
        base_by_slice.is_partial,
        coalesce(counted_by_slice.amount, 0)::decimal(18, 2) as numerator,
        base_by_slice.amount::decimal(18, 2) as denominator,
        base_by_slice.cases::integer as volume,
        coalesce(counted_by_slice.cases, 0)::integer as cases,
        base_by_slice.cases::integer as base_cases,
        base_by_slice.measure,
        base_by_slice.status as perimeter,
        ageing_bucket.bucket
    from base_by_slice
    cross join ageing_bucket
    left join counted_by_slice
        on base_by_slice.level = counted_by_slice.level
        and base_by_slice.slice_id = counted_by_slice.slice_id
        and base_by_slice.month = counted_by_slice.month
        and base_by_slice.status = counted_by_slice.status
        and base_by_slice.measure = counted_by_slice.measure
        and ageing_bucket.bucket = counted_by_slice.bucket
    where base_by_slice.measure <> 'spells' or ageing_bucket.from_months >= 1
)
select * from told
