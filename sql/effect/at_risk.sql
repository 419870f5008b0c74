-- One row per treatment, lease and month in which it could have begun: treated on a day, or at risk of it on a day and not yet treated.
-- At risk: the home of a present household that owed a whole term at the last closing and still did on the evening before the day.
-- An untreated household is looked at on a day on which the landlord so acted in that month, its agency's if it did: drawn by hash.
-- For a plan the day is that of the month's first contact in which the household was reached: with a plan, or without.
-- Only days whose outcome is known are kept: the closings within which a cure counts, and the months after them, are over; and days
-- before which the ledger shows the strategy's number of closings. Terms of the evening are told oldest debt first, whatever the policy.
-- Of more household-months at risk, or treated, than the strategy compares, those with the lowest hash are looked at.
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
--   sampled_share   share of such rows, treated or untreated, that was looked at
-- checks:
--   on_date > closing_on
--   terms_owed >= 1
--   sampled_share > 0 and sampled_share <= 1
with setting as (
    select grace_days from strategy.setting
),
effects as (
    select cure_days, relapse_months, history_months, most_treated, most_at_risk from strategy.effects
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
    select lease_id, month, closing_on, agency_id, due_balance
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
        md5_number_lower(lease_month.lease_id || ' ' || lease_month.month) as hash
    from lease_month
    inner join lease on lease_month.lease_id = lease.lease_id
    cross join effects
    cross join last_closing
    where last_day(lease_month.closing_on + 1 + effects.cure_days + to_months(effects.relapse_months)) <= last_closing.closing_on
        and lease_month.month >= last_closing.first_month + to_months(effects.history_months - 1)
),
sampled as (
    select
        owing.lease_id,
        owing.month,
        owing.agency_id,
        owing.hash,
        least(1, effects.most_at_risk / count(*) over ()) as sampled_share
    from owing
    cross join effects
    qualify row_number() over (order by owing.hash, owing.lease_id, owing.month) <= effects.most_at_risk
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
        sampled.lease_id,
        sampled.month,
        sampled.hash // 65536 as hash,
        sampled.sampled_share,
        coalesce(days_of_agency.days, days_of_company.days) as days
    from sampled
    inner join days_of_company on sampled.month = days_of_company.month
    left join days_of_agency
        on days_of_company.treatment = days_of_agency.treatment
        and sampled.agency_id = days_of_agency.agency_id
        and sampled.month = days_of_agency.month
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
begun as (
    select
        treatment.treatment,
        treatment.lease_id,
        treatment.month,
        treatment.on_date,
        treatment.approach,
        treatment.contact,
        least(1, effects.most_treated / count(*) over (partition by treatment.treatment)) as sampled_share
    from treatment
    inner join owing on treatment.lease_id = owing.lease_id and treatment.month = owing.month
    cross join effects
    qualify row_number() over (partition by treatment.treatment order by owing.hash, owing.lease_id, owing.month) <= effects.most_treated
),
moment as (
    select treatment, lease_id, month, true as treated, on_date, approach, contact, sampled_share from begun
    union all
    select
        treatment,
        lease_id,
        month,
        false as treated,
        days[1 + (hash % len(days))::integer] as on_date,
        null as approach,
        null as contact,
        sampled_share
    from drawn
    union all
    select
        'plan' as treatment,
        lease_id,
        month,
        false as treated,
        on_date,
        null as approach,
        contact,
        1 as sampled_share
    from contact
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
