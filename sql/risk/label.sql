-- What became of each household of a past cohort by the end of its window, as the ledger tells it tonight.
-- Month ends after the household has left count no more. Whoever was offered help between the date and the outcome, or the end of the
-- window, is marked: an interview held, a visit, a call of the prevention desk or the agency that reached it, the diagnosis at
-- move-in, the solidarity fund asked or granted, a plan signed, or a decision that says contacted or helped. Where such a household
-- stays out of arrears, nobody knows what would have been: it is neither learnt from as spared nor counted as a false alarm.
-- Reminders (letters, messages) are no help.
-- grain: question, as_of, lease_id
-- per: lease_id
-- columns:
--   question         onset or worsening
--   as_of            the date
--   lease_id         the lease
--   outcome          whether it owed a whole term (worsening: three) at a month end of the window
--   reached_month    month of the first such month end; null where there is none
--   only_adjustment  whether a benefit clawback or a charge adjustment alone caused it, see arrears.spell
--   helped           whether help was offered after the date, before the outcome
--   has_left         whether the household left before the end of the window
-- checks:
--   outcome = (reached_month is not null)
--   outcome or not only_adjustment
with origin as (
    select as_of, window_from, window_to, window_ends_on from risk.origin where not is_tonight
),
cohort as (
    select question, as_of, lease_id from risk.cohort
),
lease as (
    select lease_id, end_on from ledger.lease
),
lease_month as not materialized (
    select lease_id, month, closing_on, status, terms_owed
    from arrears.lease_month
    where use = 'residential' and status = 'present' and terms_owed >= 1 and not is_partial
),
spell as (
    select lease_id, onset_month, only_adjustment from arrears.spell where only_adjustment
),
action as (
    select lease_id, action_on as on_date
    from contract.action
    where kind in ('move_in_diagnosis', 'fsl_request', 'fsl_grant')
        or (kind in ('interview', 'visit') and contact = 'reached')
        or (kind = 'call' and contact = 'reached' and team is distinct from 'litigation')
),
plan as (
    select lease_id, signed_on as on_date from contract.plan
),
disposition as (
    select lease_id, decided_on as on_date from contract.disposition where decision in ('contacted', 'helped')
),
help as (
    select lease_id, on_date from action
    union
    select lease_id, on_date from plan
    union
    select lease_id, on_date from disposition
),
owing_one as (
    select lease_id, month, closing_on from lease_month
),
owing_three as (
    select lease_id, month, closing_on from lease_month where terms_owed >= 3
),
followed as (
    select
        cohort.question,
        cohort.as_of,
        cohort.lease_id,
        case cohort.question when 'onset' then owing_one.month else owing_three.month end as first_month,
        case cohort.question when 'onset' then owing_one.closing_on else owing_three.closing_on end as first_day,
        origin.window_to,
        origin.window_ends_on
    from cohort
    inner join origin on cohort.as_of = origin.as_of
    asof left join owing_one on cohort.lease_id = owing_one.lease_id and origin.window_from <= owing_one.month
    asof left join owing_three on cohort.lease_id = owing_three.lease_id and origin.window_from <= owing_three.month
),
reached as (
    select
        question,
        as_of,
        lease_id,
        window_ends_on,
        case when first_month <= window_to then first_month end as reached_month,
        case when first_month <= window_to and question = 'onset' then first_month end as onset_month,
        case when first_month <= window_to then first_day else window_ends_on end as until_day
    from followed
),
told as (
    select
        reached.question,
        reached.as_of,
        reached.lease_id,
        reached.reached_month is not null as outcome,
        reached.reached_month,
        coalesce(spell.only_adjustment, false) as only_adjustment,
        coalesce(help.on_date <= reached.until_day, false) as helped,
        coalesce(lease.end_on <= reached.window_ends_on, false) as has_left
    from reached
    inner join lease on reached.lease_id = lease.lease_id
    left join spell on reached.lease_id = spell.lease_id and reached.onset_month = spell.onset_month
    asof left join help on reached.lease_id = help.lease_id and reached.as_of < help.on_date
)
select * from told
