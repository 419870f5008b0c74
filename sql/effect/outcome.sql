-- One row per lease and day in effect.at_risk, and per lease and month compared under the hold-back: what became of the household.
-- A cure is the end of its spell, settled (arrears.spell: by payment; departure, write-off and erasure are no cure), at a closing
-- within the strategy's days. A relapse is a new spell that begins at one of the strategy's next closings.
-- Shares are told among all who were at risk, so that cured = relapsed + lastingly cured.
-- grain: lease_id, on_date
-- per: lease_id
-- columns:
--   lease_id         the lease
--   on_date          the day; under the hold-back, the first of the month
--   cured            whether the household was cured
--   cured_on         the closing at which it was
--   relapsed         cured, and relapsed after it
--   lastingly_cured  cured, and not relapsed
-- checks:
--   cured = (cured_on is not null)
--   cured = (relapsed or lastingly_cured) and not (relapsed and lastingly_cured)
--   cured_on > on_date
with effects as (
    select cure_days, relapse_months from strategy.effects
),
at_risk as (
    select lease_id, on_date from effect.at_risk
),
hold_back as (
    select lease_id, period from effect.hold_back where owed and not exempt
),
closing as (
    select max(closing_on) as last_closing from arrears.closing where not is_partial
),
spell as (
    select lease_id, onset_month, last_month, last_day(ended_month) as ended_on, ended_by, next_onset_month from arrears.spell
),
followed as (
    select lease_id, on_date from at_risk
    union
    select hold_back.lease_id, hold_back.period as on_date
    from hold_back
    cross join effects
    cross join closing
    where last_day(hold_back.period + effects.cure_days + to_months(effects.relapse_months)) <= closing.last_closing
),
ended as (
    select
        followed.lease_id,
        followed.on_date,
        case
            when spell.ended_by = 'settled' and spell.ended_on > followed.on_date and spell.ended_on <= followed.on_date + effects.cure_days
                then spell.ended_on
        end as cured_on,
        spell.next_onset_month
    from followed
    cross join effects
    left join spell
        on followed.lease_id = spell.lease_id
        and spell.onset_month <= date_trunc('month', followed.on_date) - interval 1 month
        and spell.last_month >= date_trunc('month', followed.on_date) - interval 1 month
),
told as (
    select
        ended.lease_id,
        ended.on_date,
        ended.cured_on is not null as cured,
        ended.cured_on,
        ended.cured_on is not null
        and coalesce(ended.next_onset_month <= date_trunc('month', ended.cured_on) + to_months(effects.relapse_months), false) as relapsed
    from ended
    cross join effects
),
shared as (
    select lease_id, on_date, cured, cured_on, relapsed, cured and not relapsed as lastingly_cured from told
)
select * from shared
