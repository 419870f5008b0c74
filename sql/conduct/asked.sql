-- One row per action that the procedure asked for on a day of its lists, and whether it was done within the tolerance.
-- A case on the lists is the months in a row in which the lease stood on the list of the first step; those that may have begun before
-- the history are left out. The next letter is asked for in the first month in which its terms are owed: the one after the highest
-- that left in earlier months, since the case began or while a list before it was still valid, once the months between the two steps have
-- passed; with it what else the step asks for. Each is asked for once. A plan that was broken leads back to the step of the strategy.
-- Nothing is asked for after a hand-over, while the lease is to be left in peace (conduct.stop), nor of what was not done where the
-- debt was paid or a stop began before the tolerance was over.
-- grain: lease_id, asked_on, kind
-- per: lease_id
-- columns:
--   lease_id    the lease
--   asked_on    the day of the procedure
--   kind        the action asked for
--   month       the month of the day
--   agency_id   today's agency
--   step        the step of the procedure
--   terms_owed  terms owed on that day
--   done_on     the day on which it was done, within the tolerance; null where it was not
--   is_kept     whether it was
-- checks:
--   is_kept = (done_on is not null)
with night as (
    select as_of from strategy.night
),
setting as (
    select plan_restart_step, list_months from strategy.procedure
),
procedure_step as (
    select step, terms, month as months_after, day from strategy.procedure_step
),
procedure_action as (
    select step, kind, letter_rank, tolerance_days from strategy.procedure_action
),
closing as (
    select month from arrears.closing
),
listed as (
    select lease_id, listed_on, month, agency_id, terms_owed from conduct.listed
),
action as (
    select lease_id, action_on, month, kind, letter_rank from conduct.action
),
stop as (
    select lease_id, from_on, to_on from conduct.stop
),
plan as (
    select lease_id, ended_on from contract.plan where outcome = 'broken' and ended_on <= (select as_of from night)
),
balance as (
    select lease_id, on_date, until_on from conduct.balance where due_balance <= 0
),
first_step as (
    select step, terms, day from procedure_step where step = 1
),
first_list as (
    select
        listed.lease_id,
        listed.month,
        (year(listed.month) * 12 + month(listed.month))::integer
        - row_number() over (partition by listed.lease_id order by listed.month) as island
    from listed
    inner join first_step on listed.terms_owed >= first_step.terms
    where listed.listed_on = least(listed.month + (first_step.day - 1)::integer, last_day(listed.month))
),
in_case as (
    select lease_id, month, min(month) over (partition by lease_id, island) as case_month
    from first_list
),
followed as (
    select lease_id, month, case_month
    from in_case
    where case_month > (select min(month) + interval 1 month from closing)
),
letter as (
    select lease_id, month, max(letter_rank) as letter_rank
    from action
    where kind = 'letter' and letter_rank is not null
    group by lease_id, month
),
broken_plan as (
    select lease_id, date_trunc('month', ended_on)::date as month from plan group by all
),
last_broken as (
    select followed.lease_id, followed.month, max(broken_plan.month) as broken_month
    from followed
    inner join broken_plan
        on followed.lease_id = broken_plan.lease_id
        and broken_plan.month >= followed.case_month
        and broken_plan.month < followed.month
    group by followed.lease_id, followed.month
),
written as (
    select
        followed.lease_id,
        followed.month,
        max(letter.month) as last_letter_month,
        max(
            case
                when letter.month > last_broken.broken_month or last_broken.broken_month is null then letter.letter_rank
                else least(letter.letter_rank, setting.plan_restart_step - 1)
            end
        ) as last_rank
    from followed
    cross join setting
    inner join letter
        on followed.lease_id = letter.lease_id
        and letter.month >= followed.case_month - to_months(setting.list_months)
        and letter.month < followed.month
    left join last_broken on followed.lease_id = last_broken.lease_id and followed.month = last_broken.month
    group by followed.lease_id, followed.month
),
next_step as (
    select
        followed.lease_id,
        followed.month,
        followed.case_month,
        last_broken.broken_month,
        procedure_step.step,
        procedure_step.terms,
        least(followed.month + (procedure_step.day - 1)::integer, last_day(followed.month)) as asked_on
    from followed
    left join last_broken on followed.lease_id = last_broken.lease_id and followed.month = last_broken.month
    left join written on followed.lease_id = written.lease_id and followed.month = written.month
    inner join procedure_step on procedure_step.step = coalesce(written.last_rank, 0) + 1
    left join procedure_step as step_before on step_before.step = written.last_rank
    where
        written.last_rank is null
        or written.last_rank = 0
        or followed.month
        >= written.last_letter_month + to_months(procedure_step.months_after - step_before.months_after)
),
handed_over as (
    select followed.lease_id, followed.month, min(action.action_on) as handed_over_on
    from followed
    cross join setting
    inner join action
        on followed.lease_id = action.lease_id
        and action.action_on >= followed.case_month - to_months(setting.list_months)
    where action.kind = 'handover'
    group by followed.lease_id, followed.month
),
asked as (
    select
        next_step.lease_id,
        next_step.asked_on,
        next_step.month,
        next_step.case_month,
        next_step.broken_month,
        next_step.step,
        listed.agency_id,
        listed.terms_owed,
        procedure_action.kind,
        procedure_action.letter_rank,
        procedure_action.tolerance_days
    from next_step
    inner join listed
        on next_step.lease_id = listed.lease_id
        and next_step.asked_on = listed.listed_on
        and listed.terms_owed >= next_step.terms
    inner join procedure_action on next_step.step = procedure_action.step
    left join handed_over on next_step.lease_id = handed_over.lease_id and next_step.month = handed_over.month
    cross join night
    where
        next_step.asked_on + procedure_action.tolerance_days <= night.as_of
        and (handed_over.handed_over_on is null or handed_over.handed_over_on > next_step.asked_on)
),
stopped as (
    select asked.lease_id, asked.asked_on, asked.kind, min(greatest(stop.from_on, asked.asked_on)) as stopped_on
    from asked
    inner join stop
        on asked.lease_id = stop.lease_id
        and stop.from_on <= asked.asked_on + asked.tolerance_days
        and stop.to_on >= asked.asked_on
    group by asked.lease_id, asked.asked_on, asked.kind
),
done as (
    select
        asked.lease_id,
        asked.asked_on,
        asked.kind,
        min_by(action.action_on, (abs(action.action_on - asked.asked_on), action.action_on)) as done_on
    from asked
    inner join action
        on asked.lease_id = action.lease_id
        and asked.kind = action.kind
        and action.action_on >= asked.asked_on - asked.tolerance_days
        and action.action_on <= asked.asked_on + asked.tolerance_days
    where asked.letter_rank is null or asked.letter_rank = action.letter_rank
    group by asked.lease_id, asked.asked_on, asked.kind
),
settled as (
    select asked.lease_id, asked.asked_on, asked.kind
    from asked
    inner join balance
        on asked.lease_id = balance.lease_id
        and balance.on_date <= asked.asked_on + asked.tolerance_days
        and balance.until_on > asked.asked_on + asked.tolerance_days
),
judged as (
    select
        asked.lease_id,
        asked.asked_on,
        asked.kind,
        asked.month,
        asked.case_month,
        asked.broken_month,
        asked.agency_id,
        asked.step,
        asked.terms_owed,
        done.done_on,
        done.done_on is not null as is_kept,
        stopped.stopped_on,
        settled.lease_id is not null as is_settled
    from asked
    left join done on asked.lease_id = done.lease_id and asked.asked_on = done.asked_on and asked.kind = done.kind
    left join stopped
        on asked.lease_id = stopped.lease_id and asked.asked_on = stopped.asked_on and asked.kind = stopped.kind
    left join settled
        on asked.lease_id = settled.lease_id and asked.asked_on = settled.asked_on and asked.kind = settled.kind
),
due as (
    select lease_id, asked_on, kind, month, agency_id, step, terms_owed, done_on, is_kept
    from judged
    where
        (stopped_on is null or (is_kept and stopped_on > asked_on))
        and (is_kept or not is_settled)
    qualify row_number() over (partition by lease_id, case_month, broken_month, step, kind order by asked_on) = 1
)
select * from due
