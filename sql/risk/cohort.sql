-- One row per question, date and present household of which it is asked, as known on that date.
-- onset: it owes no whole term; will it owe one at a month end of the window? worsening: it owes one or two; will it owe three?
-- A household is a residential lease. Strata are told apart because a figure over all of them hides the hard ones.
-- grain: question, as_of, lease_id
-- per: lease_id
-- columns:
--   question      onset or worsening
--   as_of         the date
--   lease_id      the lease
--   household_id  the household
--   agency_id     today's agency
--   stratum       new_entrant (fewer months than the strategy says), never (owed no whole term at a closing before), clean (none for as many months as the strategy says) or other; of those who owe, before the ongoing spell
--   terms_owed    terms owed, as arrears count them: under the chosen allocation policy
-- checks:
--   (question = 'onset') = (terms_owed < 1)
--   terms_owed < 3
with risk as (
    select new_entrant_months, clean_months from strategy.risk
),
origin as (
    select as_of, month from risk.origin
),
known_day as (
    select as_of, lease_id, terms_by_policy as terms_owed, last_owing_month from risk.known_day
),
lease as (
    select lease_id, household_id, agency_id, start_on from ledger.lease
),
asked as (
    select
        case when known_day.terms_owed < 1 then 'onset' else 'worsening' end as question,
        origin.as_of,
        lease.lease_id,
        lease.household_id,
        lease.agency_id,
        case
            when lease.start_on + to_months(risk.new_entrant_months) > origin.as_of then 'new_entrant'
            when known_day.last_owing_month is null then 'never'
            when known_day.last_owing_month + to_months(risk.clean_months) < origin.month then 'clean'
            else 'other'
        end as stratum,
        known_day.terms_owed
    from origin
    cross join risk
    inner join known_day on origin.as_of = known_day.as_of
    inner join lease on known_day.lease_id = lease.lease_id
    where known_day.terms_owed < 3
)
select * from asked
