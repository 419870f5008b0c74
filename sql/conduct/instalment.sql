-- One row per instalment of a plan that fell due while the plan ran, and whether it was kept. An instalment is kept when, by the end of the days
-- of tolerance, what was received covers the calls that fell due with it and the instalment: since the instalment before it (or the
-- signature), or in all since the signature; or when nothing is due any more. Some euros may lack, as the strategy has it.
-- grain: plan_id, due_on
-- per: lease_id
-- columns:
--   plan_id      the plan
--   due_on       the day on which the instalment falls due
--   lease_id     the lease
--   agency_id    today's agency
--   month        the month of that day
--   phase        prevention or litigation
--   framework    landlord, caf, court or over_indebtedness
--   amount       the instalment, euros
--   asked        principal that fell due since the instalment before it, and the instalment
--   received     what was received since then
--   asked_all    the same since the signature
--   received_all  the same since the signature
--   due_balance  due balance at the end of the days of tolerance
--   is_kept      whether it was kept
-- checks:
--   amount >= 0
with night as (
    select as_of from strategy.night
),
setting as (
    select plan_tolerance_days, plan_tolerance_euros from strategy.procedure
),
lease as (
    select lease_id, agency_id from ledger.lease where use = 'residential'
),
plan as (
    select id, lease_id, signed_on, ended_on, phase, framework
    from contract.plan
    where coalesce(known_on, signed_on) <= (select as_of from night)
),
plan_instalment as (
    select plan_id, due_on, amount from contract.plan_instalment
),
balance as (
    select lease_id, on_date, due_balance, principal_asked, received from conduct.balance
),
fallen as (
    select
        plan.id as plan_id,
        plan.lease_id,
        lease.agency_id,
        plan.phase::varchar as phase,
        plan.framework::varchar as framework,
        plan.signed_on,
        plan_instalment.due_on,
        plan_instalment.amount,
        coalesce(lag(plan_instalment.due_on) over by_plan, plan.signed_on) as before_on,
        lag(plan_instalment.due_on) over by_plan is null as is_first,
        sum(plan_instalment.amount) over by_plan as amount_all,
        plan_instalment.due_on + setting.plan_tolerance_days as until_on
    from plan
    inner join lease on plan.lease_id = lease.lease_id
    inner join plan_instalment on plan.id = plan_instalment.plan_id
    cross join setting
    where plan_instalment.due_on <= coalesce(plan.ended_on, plan_instalment.due_on)
    window by_plan as (partition by plan.lease_id, plan.id order by plan_instalment.due_on)
),
day as (
    select lease_id, signed_on as on_day from fallen
    union
    select lease_id, before_on as on_day from fallen
    union
    select lease_id, due_on as on_day from fallen
    union
    select lease_id, until_on as on_day from fallen
    union
    select fallen.lease_id, fallen.before_on + setting.plan_tolerance_days as on_day
    from fallen
    cross join setting
),
on_day as (
    select day.lease_id, day.on_day, balance.due_balance, balance.principal_asked, balance.received
    from day
    inner join balance on day.lease_id = balance.lease_id and balance.on_date <= day.on_day
    qualify row_number() over (partition by day.lease_id, day.on_day order by balance.on_date desc) = 1
),
measured as (
    select
        fallen.plan_id,
        fallen.due_on,
        fallen.lease_id,
        fallen.agency_id,
        date_trunc('month', fallen.due_on)::date as month,
        fallen.phase,
        fallen.framework,
        fallen.amount,
        (at_due.principal_asked - coalesce(at_before.principal_asked, 0) + fallen.amount)::decimal(14, 2) as asked,
        (
            at_until.received
            - case when fallen.is_first then coalesce(at_signing.received, 0) else coalesce(at_before_until.received, 0) end
        )::decimal(14, 2) as received,
        (at_due.principal_asked - coalesce(at_signing.principal_asked, 0) + fallen.amount_all)::decimal(14, 2) as asked_all,
        (at_until.received - coalesce(at_signing.received, 0))::decimal(14, 2) as received_all,
        at_until.due_balance
    from fallen
    cross join night
    cross join setting
    inner join on_day as at_due on fallen.lease_id = at_due.lease_id and fallen.due_on = at_due.on_day
    inner join on_day as at_until on fallen.lease_id = at_until.lease_id and fallen.until_on = at_until.on_day
    left join on_day as at_signing on fallen.lease_id = at_signing.lease_id and fallen.signed_on = at_signing.on_day
    left join on_day as at_before on fallen.lease_id = at_before.lease_id and fallen.before_on = at_before.on_day
    left join on_day as at_before_until
        on fallen.lease_id = at_before_until.lease_id
        and fallen.before_on + setting.plan_tolerance_days = at_before_until.on_day
    where fallen.until_on <= night.as_of
),
judged as (
    select
        measured.*,
        measured.due_balance <= 0
        or measured.received >= measured.asked - setting.plan_tolerance_euros
        or measured.received_all >= measured.asked_all - setting.plan_tolerance_euros as is_kept
    from measured
    cross join setting
)
select * from judged
