-- One row per lease, month and treatment that began in it: what the landlord did about unpaid rent whose effect is measured.
-- A call, a visit or an interview counts when the household was reached; a contact in which the household disputes its debt is
-- the household's own and does not count. The first of its month counts. A plan counts on the day of the contact in which it was signed.
-- grain: treatment, lease_id, month
-- per: lease_id
-- columns:
--   treatment  interview, call, visit, plan, message (SMS or e-mail), fsl_request, letter_1, letter_2 or letter_3
--   lease_id   the lease
--   month      first day of the month
--   on_date    the day of the action
--   approach   how an interview was held, where the landlord says so
--   contact    for a plan, the kind of contact in which it was signed
with night as (
    select as_of from strategy.night
),
action as (
    select lease_id, action_on, kind, letter_rank, approach, contact, outcome
    from contract.action
    where coalesce(recorded_on, action_on) <= (select as_of from night)
),
reached as (
    select lease_id, action_on, kind, approach, outcome
    from action
    where kind in ('interview', 'call', 'visit') and contact = 'reached' and outcome is distinct from 'dispute'
),
counted as (
    select kind::varchar as treatment, lease_id, action_on, approach::varchar as approach, null::varchar as contact from reached
    union all
    select 'plan' as treatment, lease_id, action_on, null as approach, kind::varchar as contact
    from reached
    where outcome = 'plan'
    union all
    select 'letter_' || letter_rank as treatment, lease_id, action_on, null as approach, null as contact
    from action
    where kind = 'letter' and letter_rank is not null
    union all
    select 'message' as treatment, lease_id, action_on, null as approach, null as contact
    from action
    where kind in ('sms', 'email')
    union all
    select 'fsl_request' as treatment, lease_id, action_on, null as approach, null as contact
    from action
    where kind = 'fsl_request'
),
first_of_month as (
    select
        treatment,
        lease_id,
        date_trunc('month', action_on)::date as month,
        min(action_on) as on_date,
        arg_min(approach, row(action_on, coalesce(approach, ''))) as approach,
        arg_min(contact, row(action_on, coalesce(contact, ''))) as contact
    from counted
    group by treatment, lease_id, date_trunc('month', action_on)
)
select * from first_of_month
