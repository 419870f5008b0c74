-- One row per lease and day in effect.at_risk: what had happened in the month by the evening before, and what ran that day.
-- grain: lease_id, on_date
-- per: lease_id
-- columns:
--   lease_id         the lease
--   on_date          the day
--   day              day of the month
--   terms_owed       terms owed on the evening before
--   due_balance      euros due on the evening before
--   paid             euros paid since the month began
--   letter           rank of the month's letter; 0 where none was sent
--   letter_days      days since the month's letter; 0 where none was sent
--   reached          contacts held since the month began
--   reached_lately   1 where a contact was held in the five days before
--   missed           contacts attempted in vain since the month began
--   interviewed      1 where an interview was held since the month began
--   messages         messages sent since the month began
--   fund_asked       1 where the housing solidarity fund was asked since the month began
--   plan_running     1 where a repayment plan runs
--   promise_running  1 where a promise to pay has not come to its date
--   dispute_running  1 where part of the debt is disputed
--   stop_running     1 where another stop holds: over-indebtedness, judge's delays, protocol, guardianship, death
-- checks:
--   paid >= 0
with at_risk as (
    select distinct lease_id, month, on_date, terms_owed, due_balance from effect.at_risk
),
posting as (
    select lease_id, counts_on, date_trunc('month', counts_on)::date as month, amount
    from ledger.posting
    semi join at_risk on posting.lease_id = at_risk.lease_id
    where kind in ('payment', 'guarantor_payment', 'payment_rejected')
),
action as (
    select
        lease_id,
        action_on,
        date_trunc('month', action_on)::date as month,
        kind,
        letter_rank,
        coalesce(contact = 'reached', false) as reached,
        coalesce(contact = 'attempted', false) as missed
    from contract.action
),
plan as (
    select lease_id, signed_on, coalesce(known_on, signed_on) as known_on, ended_on from contract.plan
),
lease_hold as (
    select lease_id, kind, from_on, coalesce(known_on, from_on) as known_on, to_on from contract.lease_hold
),
paid as (
    select at_risk.lease_id, at_risk.on_date, greatest(-sum(posting.amount), 0) as paid
    from at_risk
    inner join posting on at_risk.lease_id = posting.lease_id and at_risk.month = posting.month
    where posting.counts_on < at_risk.on_date
    group by at_risk.lease_id, at_risk.on_date
),
done as (
    select
        at_risk.lease_id,
        at_risk.on_date,
        max(action.letter_rank) as letter,
        max(at_risk.on_date - action.action_on) filter (where action.letter_rank is not null) as letter_days,
        count(*) filter (where action.reached) as reached,
        bool_or(action.reached and action.action_on >= at_risk.on_date - 5) as reached_lately,
        count(*) filter (where action.missed) as missed,
        bool_or(action.kind = 'interview' and action.reached) as interviewed,
        count(*) filter (where action.kind in ('sms', 'email')) as messages,
        bool_or(action.kind = 'fsl_request') as fund_asked
    from at_risk
    inner join action on at_risk.lease_id = action.lease_id and at_risk.month = action.month
    where action.action_on < at_risk.on_date
    group by at_risk.lease_id, at_risk.on_date
),
planned as (
    select distinct at_risk.lease_id, at_risk.on_date
    from at_risk
    inner join plan on at_risk.lease_id = plan.lease_id
    where plan.signed_on < at_risk.on_date
        and plan.known_on < at_risk.on_date
        and (plan.ended_on is null or plan.ended_on >= at_risk.on_date)
),
held as (
    select
        at_risk.lease_id,
        at_risk.on_date,
        bool_or(lease_hold.kind = 'promise_to_pay') as promise,
        bool_or(lease_hold.kind = 'disputed_debt') as dispute,
        bool_or(lease_hold.kind not in ('promise_to_pay', 'disputed_debt')) as other
    from at_risk
    inner join lease_hold on at_risk.lease_id = lease_hold.lease_id
    where lease_hold.from_on < at_risk.on_date
        and lease_hold.known_on < at_risk.on_date
        and (lease_hold.to_on is null or lease_hold.to_on >= at_risk.on_date)
    group by at_risk.lease_id, at_risk.on_date
),
described as (
    select
        at_risk.lease_id,
        at_risk.on_date,
        day(at_risk.on_date)::integer as day,
        at_risk.terms_owed,
        at_risk.due_balance,
        coalesce(paid.paid, 0)::decimal(14, 2) as paid,
        coalesce(done.letter, 0)::integer as letter,
        coalesce(done.letter_days, 0)::integer as letter_days,
        coalesce(done.reached, 0)::integer as reached,
        coalesce(done.reached_lately, false)::integer as reached_lately,
        coalesce(done.missed, 0)::integer as missed,
        coalesce(done.interviewed, false)::integer as interviewed,
        coalesce(done.messages, 0)::integer as messages,
        coalesce(done.fund_asked, false)::integer as fund_asked,
        (planned.lease_id is not null)::integer as plan_running,
        coalesce(held.promise, false)::integer as promise_running,
        coalesce(held.dispute, false)::integer as dispute_running,
        coalesce(held.other, false)::integer as stop_running
    from at_risk
    left join paid on at_risk.lease_id = paid.lease_id and at_risk.on_date = paid.on_date
    left join done on at_risk.lease_id = done.lease_id and at_risk.on_date = done.on_date
    left join planned on at_risk.lease_id = planned.lease_id and at_risk.on_date = planned.on_date
    left join held on at_risk.lease_id = held.lease_id and at_risk.on_date = held.on_date
)
select * from described
