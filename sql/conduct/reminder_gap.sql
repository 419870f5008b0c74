-- One row per two reminders of a case that followed one another, with the days between them. Reminders of one day count as one, and so do
-- those that one step of the procedure asks for together: a letter and its call within the tolerance.
-- grain: lease_id, reminded_on
-- per: lease_id
-- columns:
--   lease_id      the lease
--   reminded_on   the day of the later reminder
--   month         its month
--   agency_id     today's agency
--   before_on     the day of the reminder before it
--   days          days between them
--   was_stopped   whether the lease was to be left in peace on some day between them (conduct.stop)
--   is_too_soon   fewer days than the procedure wants
--   is_in_cadence  as many days as the procedure wants
-- checks:
--   days > 0
--   not (is_too_soon and is_in_cadence)
with setting as (
    select gap_least_days, gap_most_days from strategy.procedure
),
procedure_action as (
    select step, kind, letter_rank, tolerance_days from strategy.procedure_action
),
action as (
    select lease_id, agency_id, action_on, kind, letter_rank from conduct.action where purpose = 'reminder'
),
arrears_case as (
    select lease_id, opened_month, first_unpaid_on, coalesce(ended_on, date '9999-12-31') as until_on from conduct.case
),
stop as (
    select lease_id, from_on, to_on from conduct.stop
),
with_letter as (
    select procedure_action.kind, procedure_action.tolerance_days, letter.letter_rank
    from procedure_action
    inner join procedure_action as letter on procedure_action.step = letter.step and letter.kind = 'letter'
    where procedure_action.kind <> 'letter'
),
letter as (
    select lease_id, action_on, letter_rank from action where kind = 'letter' and letter_rank is not null
),
companion as (
    select distinct action.lease_id, action.action_on, action.kind
    from action
    inner join with_letter on action.kind = with_letter.kind
    inner join letter
        on action.lease_id = letter.lease_id
        and with_letter.letter_rank = letter.letter_rank
        and letter.action_on between action.action_on - with_letter.tolerance_days and action.action_on
),
reminder as (
    select distinct action.lease_id, action.agency_id, action.action_on, arrears_case.opened_month
    from action
    anti join companion
        on action.lease_id = companion.lease_id
        and action.action_on = companion.action_on
        and action.kind = companion.kind
    inner join arrears_case
        on action.lease_id = arrears_case.lease_id
        and action.action_on between arrears_case.first_unpaid_on and arrears_case.until_on
),
one_case as (
    select lease_id, agency_id, action_on, max(opened_month) as opened_month
    from reminder
    group by lease_id, agency_id, action_on
),
gap as (
    select
        lease_id,
        agency_id,
        action_on as reminded_on,
        lag(action_on) over (partition by lease_id, opened_month order by action_on) as before_on
    from one_case
),
stopped as (
    select distinct gap.lease_id, gap.reminded_on
    from gap
    inner join stop
        on gap.lease_id = stop.lease_id
        and stop.from_on <= gap.reminded_on
        and stop.to_on >= gap.before_on
),
told as (
    select
        gap.lease_id,
        gap.reminded_on,
        date_trunc('month', gap.reminded_on)::date as month,
        gap.agency_id,
        gap.before_on,
        (gap.reminded_on - gap.before_on)::integer as days,
        stopped.lease_id is not null as was_stopped,
        gap.reminded_on - gap.before_on < setting.gap_least_days as is_too_soon,
        gap.reminded_on - gap.before_on between setting.gap_least_days and setting.gap_most_days as is_in_cadence
    from gap
    cross join setting
    left join stopped on gap.lease_id = stopped.lease_id and gap.reminded_on = stopped.reminded_on
    where gap.before_on is not null
)
select * from told
