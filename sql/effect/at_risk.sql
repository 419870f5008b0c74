-- One row per treatment, lease and month in which it could have begun: treated on a day, or at risk of it on a day and not yet treated.
-- At risk: the home of a present household that owed a whole term at the last closing and still did on the evening before the day.
-- An untreated household is looked at on a day on which the landlord so acted in that month, its agency's if it did: drawn by hash.
-- For a plan the day is that of the month's first contact in which the household was reached: with a plan, or without.
-- Only days whose outcome is known are kept: the closings within which a cure counts, and the months after them, are over; and days
-- before which the ledger shows the strategy's number of closings. Terms of the evening are told oldest debt first, whatever the policy.
-- Of more household-months at risk, or treated, than the strategy compares, those with the lowest hash are looked at: recent spells, in
-- which the landlord acts most, three times as often as longer ones; a fifth where most of a treatment falls on one day of the month.
-- grain: treatment, lease_id, month, treated
-- columns:
--   treatment       the treatment
--   lease_id        the lease
--   month           first day of the month
--   treated         whether the treatment began on on_date
--   on_date         the day
--   approach        how the interview was held; null for the untreated
--   contact         for a plan, the kind of contact
--   household_id    the household
--   agency_id       today's agency
--   closing_on      the last closing before the month
--   due_balance     euros due and not received on the evening before
--   terms_owed      terms owed on the evening before
--   later           whether the treatment began later in the same month; never used to choose or match, only to tell the dilution
--   sampled_share   share of the untreated like it that was looked at, over the share of the treated
-- checks:
--   on_date > closing_on
--   terms_owed >= 1
--   sampled_share > 0
with setting as (
    select grace_days from strategy.setting
),
effects as (
    select cure_days, relapse_months, history_months, most_treated, most_at_risk, routine_same_day_share from strategy.effects
),
treatment as (
    select treatment, lease_id, month, on_date, approach, contact from effect.treatment
),
action as (
    select lease_id, action_on, kind
    from contract.action
    where kind in ('interview', 'call', 'visit') and contact = 'reached' and outcome is distinct from 'dispute'
),
closing as (
    select month, closing_on from arrears.closing where not is_partial
),
lease as (
    select lease_id, household_id, end_on from ledger.lease where use = 'residential'
),
lease_month as (
    select lease_id, month, closing_on, agency_id, due_balance, spell_months
    from arrears.lease_month
    where use = 'residential' and status = 'present' and terms_owed >= 1 and not is_partial
),
movement as (
    select
        lease_id,
        on_date,
        date_trunc('month', on_date)::date as month,
        principal + fee + court_cost - credit - principal_credit - fee_credit - court_cost_credit as change
    from ledger.movement
),
component_due as (
    select lease_id, on_date, fee_due + court_cost_due as other_due from arrears.component_due
),
debit as (
    select lease_id, due_on, amount, terms, total_amount, total_terms
    from ledger.debit
    semi join lease_month on debit.lease_id = lease_month.lease_id
    where component = 'principal'
),
last_closing as (
    select min(month) as first_month, max(closing_on) as closing_on from closing
),
owing as (
    select
        lease_month.lease_id,
        (lease_month.month + interval 1 month)::date as month,
        lease_month.closing_on,
        lease_month.agency_id,
        lease_month.due_balance,
        lease.household_id,
        lease.end_on,
        lease_month.spell_months <= 6 as is_recent,
        md5_number_lower(lease_month.lease_id || ' ' || lease_month.month) as hash
    from lease_month
    inner join lease on lease_month.lease_id = lease.lease_id
    cross join effects
    cross join last_closing
    where last_day(lease_month.closing_on + 1 + effects.cure_days + to_months(effects.relapse_months)) <= last_closing.closing_on
        and lease_month.month >= last_closing.first_month + to_months(effects.history_months - 1)
),
ranked as (
    select
        lease_id,
        month,
        agency_id,
        is_recent,
        hash,
        row_number() over (order by hash::double / case when is_recent then 3 else 1 end, lease_id, month) as place
    from owing
),
begun as (
    select
        treatment.treatment,
        treatment.lease_id,
        treatment.month,
        treatment.on_date,
        treatment.approach,
        treatment.contact,
        owing.is_recent,
        row_number() over (partition by treatment.treatment order by owing.hash, owing.lease_id, owing.month) as place,
        count(*) over (partition by treatment.treatment) as treated,
        count(*) over (partition by treatment.treatment, day(treatment.on_date)) as treated_that_day
    from treatment
    inner join owing on treatment.lease_id = owing.lease_id and treatment.month = owing.month
),
most as (
    select
        begun.treatment,
        case
            when max(begun.treated_that_day) > effects.routine_same_day_share * count(*) then effects.most_treated // 5
            else effects.most_treated
        end as most_treated,
        case
            when max(begun.treated_that_day) > effects.routine_same_day_share * count(*) then effects.most_at_risk // 5
            else least(effects.most_at_risk, 20 * count(*) + 1000)
        end as most_at_risk
    from begun
    cross join effects
    group by begun.treatment, effects.routine_same_day_share, effects.most_treated, effects.most_at_risk
),
share as (
    select
        most.treatment,
        ranked.is_recent,
        avg((ranked.place <= most.most_at_risk)::integer) as share
    from ranked
    cross join most
    group by most.treatment, ranked.is_recent
),
days_of_agency as (
    select treatment.treatment, owing.agency_id, treatment.month, list(treatment.on_date order by treatment.on_date) as days
    from treatment
    inner join owing on treatment.lease_id = owing.lease_id and treatment.month = owing.month
    where treatment.treatment <> 'plan'
    group by treatment.treatment, owing.agency_id, treatment.month
),
days_of_company as (
    select treatment, month, list(on_date order by on_date) as days
    from treatment
    where treatment <> 'plan'
    group by treatment, month
),
drawn as (
    select
        days_of_company.treatment,
        ranked.lease_id,
        ranked.month,
        ranked.hash // 65536 as hash,
        share.share,
        coalesce(days_of_agency.days, days_of_company.days) as days
    from ranked
    inner join days_of_company on ranked.month = days_of_company.month
    inner join most on days_of_company.treatment = most.treatment and ranked.place <= most.most_at_risk
    inner join share on days_of_company.treatment = share.treatment and ranked.is_recent = share.is_recent
    left join days_of_agency
        on days_of_company.treatment = days_of_agency.treatment
        and ranked.agency_id = days_of_agency.agency_id
        and ranked.month = days_of_agency.month
),
contact as (
    select
        lease_id,
        date_trunc('month', action_on)::date as month,
        min(action_on) as on_date,
        arg_min(kind::varchar, row(action_on, kind::varchar)) as contact
    from action
    group by lease_id, date_trunc('month', action_on)
),
treated as (
    select treatment, max(treated) as treated from begun group by treatment
),
moment as (
    select
        begun.treatment,
        begun.lease_id,
        begun.month,
        true as treated,
        begun.on_date,
        begun.approach,
        begun.contact,
        case when begun.treatment = 'plan' then 1 else share.share end
        / least(1, most.most_treated / begun.treated) as sampled_share
    from begun
    inner join most on begun.treatment = most.treatment and begun.place <= most.most_treated
    inner join share on begun.treatment = share.treatment and begun.is_recent = share.is_recent
    union all
    select
        drawn.treatment,
        drawn.lease_id,
        drawn.month,
        false as treated,
        drawn.days[1 + (drawn.hash % len(drawn.days))::integer] as on_date,
        null as approach,
        null as contact,
        drawn.share / least(1, most.most_treated / treated.treated) as sampled_share
    from drawn
    inner join most on drawn.treatment = most.treatment
    inner join treated on drawn.treatment = treated.treatment
    union all
    select
        'plan' as treatment,
        contact.lease_id,
        contact.month,
        false as treated,
        contact.on_date,
        null as approach,
        contact.contact,
        1 / least(1, most.most_treated / treated.treated) as sampled_share
    from contact
    inner join most on most.treatment = 'plan'
    inner join treated on treated.treatment = 'plan'
),
followed as (
    select
        moment.treatment,
        moment.lease_id,
        moment.month,
        moment.treated,
        moment.on_date,
        moment.approach,
        moment.contact,
        moment.sampled_share,
        owing.household_id,
        owing.agency_id,
        owing.closing_on,
        owing.due_balance,
        not moment.treated and treatment.on_date is not null as later
    from moment
    inner join owing on moment.lease_id = owing.lease_id and moment.month = owing.month
    cross join effects
    cross join last_closing
    left join treatment
        on moment.treatment = treatment.treatment
        and moment.lease_id = treatment.lease_id
        and moment.month = treatment.month
    where (moment.treated or treatment.on_date is null or treatment.on_date > moment.on_date)
        and (owing.end_on is null or owing.end_on > moment.on_date)
        and last_day(moment.on_date + effects.cure_days + to_months(effects.relapse_months)) <= last_closing.closing_on
),
day as (
    select distinct lease_id, month, on_date, due_balance from followed
),
changed as (
    select day.lease_id, day.on_date, sum(movement.change)::decimal(14, 2) as change
    from day
    inner join movement on day.lease_id = movement.lease_id and day.month = movement.month
    where movement.on_date < day.on_date
    group by day.lease_id, day.on_date
),
evening as (
    select
        day.lease_id,
        day.on_date,
        (day.on_date - 1)::date as evening_on,
        (day.due_balance + coalesce(changed.change, 0))::decimal(14, 2) as due_balance
    from day
    left join changed on day.lease_id = changed.lease_id and day.on_date = changed.on_date
),
settled as (
    select
        evening.lease_id,
        evening.on_date,
        evening.evening_on,
        evening.due_balance,
        (debit.total_amount - (evening.due_balance - coalesce(component_due.other_due, 0)))::decimal(14, 2) as principal_settled
    from evening
    asof inner join debit on evening.lease_id = debit.lease_id and evening.evening_on >= debit.due_on
    asof left join component_due
        on evening.lease_id = component_due.lease_id and evening.evening_on >= component_due.on_date
    where evening.due_balance > coalesce(component_due.other_due, 0)
),
oldest as (
    select
        settled.lease_id,
        settled.on_date,
        settled.evening_on,
        settled.due_balance,
        debit.due_on,
        debit.total_terms - coalesce(debit.terms * (debit.total_amount - settled.principal_settled) / debit.amount, 0) as terms_settled
    from settled
    asof inner join debit on settled.lease_id = debit.lease_id and settled.principal_settled < debit.total_amount
),
owed as (
    select
        oldest.lease_id,
        oldest.on_date,
        oldest.due_balance,
        case
            when matured.due_on >= oldest.due_on then round(matured.total_terms - oldest.terms_settled, 6)
            else 0
        end::decimal(18, 6) as terms_owed
    from oldest
    cross join setting
    asof left join debit as matured
        on oldest.lease_id = matured.lease_id and oldest.evening_on - setting.grace_days::integer >= matured.due_on
),
still_owing as (
    select
        followed.treatment,
        followed.lease_id,
        followed.month,
        followed.treated,
        followed.on_date,
        followed.approach,
        followed.contact,
        followed.household_id,
        followed.agency_id,
        followed.closing_on,
        owed.due_balance,
        owed.terms_owed,
        followed.later,
        followed.sampled_share::double as sampled_share
    from followed
    inner join owed on followed.lease_id = owed.lease_id and followed.on_date = owed.on_date
    where owed.terms_owed >= 1
)
select * from still_owing
