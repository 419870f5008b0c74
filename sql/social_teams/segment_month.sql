-- How the households of each scope pay, closing after closing.
-- grain: scope_id, segment, month
-- columns:
--   scope_id    the scope
--   segment     the type of payment behaviour
--   month       first day of the closing's month
--   households  households of the type
--   share       their share of the scope's
-- checks:
--   share between 0 and 1
with agency as (
    select scope_id, agency_id from social_teams.agency
),
lease as (
    select lease_id, agency_id from ledger.lease
),
history as (
    select lease_id, month, segment from risk.segment_history
),
meaning as (
    select segment from risk.segment_meaning
),
counted as (
    select agency.scope_id, history.month, history.segment, count(*)::integer as households
    from history
    inner join lease on history.lease_id = lease.lease_id
    inner join agency on lease.agency_id = agency.agency_id
    group by agency.scope_id, history.month, history.segment
),
whole as (
    select scope_id, month, sum(households)::integer as households from counted group by scope_id, month
),
told as (
    select
        whole.scope_id,
        meaning.segment,
        whole.month,
        coalesce(counted.households, 0) as households,
        coalesce(counted.households, 0) / whole.households as share
    from whole
    cross join meaning
    left join counted
        on whole.scope_id = counted.scope_id and whole.month = counted.month and meaning.segment = counted.segment
)
select * from told
