-- One row per type of payment behaviour: how its households pay on average at the last closing, how many owe, and how many of those
-- that owed no whole term owed one within the horizon of the risk strategy, over the closings of a year whose horizon is over.
-- The types are made of how people pay, never of what they owe: what follows here shows what they are worth.
-- grain: segment
-- columns:
--   segment         the type
--   households      households of the type at the last closing; null where 1 to the disclosure minimum
--   share           over all households with a type or new; null as before
--   by_debit        mean share of the euros paid that direct debit collected
--   days_late       mean of the households' median days late
--   calls_skipped   mean calls skipped of twelve
--   calls_in_part   mean calls paid in part of twelve
--   share_owing     share of the households that owe a whole term; null where 1 to the disclosure minimum do
--   followed        household-months without a whole term owed, over a year of closings
--   onsets          those that owed one within the horizon; null where 1 to the disclosure minimum did
--   onset_share     onsets over followed
-- checks:
--   share between 0 and 1 and share_owing between 0 and 1 and onset_share between 0 and 1
with setting as (
    select disclosure_minimum from strategy.setting
),
risk as (
    select horizon_months from strategy.risk
),
behaviour as (
    select late_days, missing_share from strategy.behaviour
),
meaning as (
    select segment from risk.segment_meaning where segment <> 'unknown'
),
history as (
    select lease_id, month, segment from risk.segment_history where segment <> 'unknown'
),
behaviour_month as (
    select lease_id, month, by_debit, late, skipped, in_part from risk.behaviour
),
lease_month as (
    select lease_id, month, is_partial, terms_owed
    from arrears.lease_month
    where use = 'residential' and status = 'present'
),
last_closing as (
    select max(month) as month from history
),
last_whole as (
    select max(month) as month from lease_month where not is_partial
),
paying as (
    select
        history.segment,
        count(*) as households,
        avg(behaviour_month.by_debit) as by_debit,
        avg(behaviour_month.late) as late,
        avg(behaviour_month.skipped) as skipped,
        avg(behaviour_month.in_part) as in_part,
        count(*) filter (where lease_month.terms_owed >= 1) as owing
    from history
    inner join last_closing on history.month = last_closing.month
    inner join behaviour_month on history.lease_id = behaviour_month.lease_id and history.month = behaviour_month.month
    inner join lease_month on history.lease_id = lease_month.lease_id and history.month = lease_month.month
    group by history.segment
),
clean as (
    select
        history.segment,
        history.lease_id,
        history.month,
        (history.month + to_months(risk.horizon_months))::date as until_month
    from history
    inner join lease_month on history.lease_id = lease_month.lease_id and history.month = lease_month.month
    cross join risk
    cross join last_whole
    where lease_month.terms_owed < 1
        and history.month + to_months(risk.horizon_months) <= last_whole.month
        and history.month > last_whole.month - to_months(risk.horizon_months + 12)
),
owing as (
    select lease_id, month from lease_month where terms_owed >= 1 and not is_partial
),
onset as (
    select clean.lease_id, clean.month
    from clean
    inner join owing
        on clean.lease_id = owing.lease_id and owing.month > clean.month and owing.month <= clean.until_month
    group by clean.lease_id, clean.month
),
falling as (
    select clean.segment, count(*) as followed, count(onset.lease_id) as onsets
    from clean
    left join onset on clean.lease_id = onset.lease_id and clean.month = onset.month
    group by clean.segment
),
counted as (
    select
        meaning.segment,
        coalesce(paying.households, 0) as households,
        sum(paying.households) over () as present,
        paying.by_debit,
        paying.late * behaviour.late_days as days_late,
        paying.skipped * behaviour.missing_share * 12 as calls_skipped,
        paying.in_part * behaviour.missing_share * 12 as calls_in_part,
        paying.owing,
        coalesce(falling.followed, 0) as followed,
        coalesce(falling.onsets, 0) as onsets,
        setting.disclosure_minimum
    from meaning
    cross join behaviour
    cross join setting
    left join paying on meaning.segment = paying.segment
    left join falling on meaning.segment = falling.segment
),
shown as (
    select
        segment,
        households > disclosure_minimum as is_shown,
        households = 0 or households > disclosure_minimum as is_counted,
        households > disclosure_minimum and (owing = 0 or owing > disclosure_minimum) as is_owing_shown,
        followed > disclosure_minimum and (onsets = 0 or onsets > disclosure_minimum) as is_onset_shown,
        followed = 0 or followed > disclosure_minimum as is_followed_shown
    from counted
),
told as (
    select
        counted.segment,
        case when shown.is_counted then counted.households end::integer as households,
        case when shown.is_shown then round(counted.households / counted.present, 6) end::double as share,
        case when shown.is_shown then round(counted.by_debit, 6) end::double as by_debit,
        case when shown.is_shown then round(counted.days_late, 6) end::double as days_late,
        case when shown.is_shown then round(counted.calls_skipped, 6) end::double as calls_skipped,
        case when shown.is_shown then round(counted.calls_in_part, 6) end::double as calls_in_part,
        case when shown.is_owing_shown then round(counted.owing / counted.households, 6) end::double as share_owing,
        case when shown.is_followed_shown then counted.followed end::integer as followed,
        case when shown.is_onset_shown then counted.onsets end::integer as onsets,
        case when shown.is_onset_shown then round(counted.onsets / counted.followed, 6) end::double as onset_share
    from counted
    inner join shown on counted.segment = shown.segment
)
select * from told
