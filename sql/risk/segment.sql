-- One row per residential lease present tonight: the household's type of payment behaviour, as the last settled closing told it, and
-- since when. Types change at closings only: from one night to the next of a month they stay. A lease begun since is new.
-- grain: lease_id
-- columns:
--   lease_id     the lease
--   as_of        the night
--   segment      the type, see risk.segment_meaning
--   told_on      the closing that told it; null for a lease begun since
--   since        first day of the month of the first closing of the type without a break, else of the lease's first month
--   since_before  true where the type is older than the closings told
-- checks:
--   since <= as_of
with night as (
    select as_of from strategy.night
),
lease as (
    select lease_id, start_on from ledger.lease
    where use = 'residential'
        and start_on <= (select as_of from night)
        and (end_on is null or end_on > (select as_of from night))
),
history as (
    select lease_id, month, segment from risk.segment_history
),
last_closing as (
    select max(month) as month, min(month) as first_month from history
),
tonight as (
    select history.lease_id, history.segment
    from history
    inner join last_closing on history.month = last_closing.month
),
other as (
    select history.lease_id, max(history.month) as month
    from history
    inner join tonight on history.lease_id = tonight.lease_id and history.segment <> tonight.segment
    group by history.lease_id
),
run as (
    select tonight.lease_id, tonight.segment, min(history.month) as since
    from tonight
    inner join history on tonight.lease_id = history.lease_id
    left join other on tonight.lease_id = other.lease_id
    where other.month is null or history.month > other.month
    group by tonight.lease_id, tonight.segment
),
told as (
    select
        lease.lease_id,
        night.as_of,
        coalesce(run.segment, 'new') as segment,
        case when run.segment is not null then last_day(last_closing.month) end as told_on,
        coalesce(run.since, date_trunc('month', lease.start_on)::date) as since,
        coalesce(run.since = last_closing.first_month and lease.start_on < run.since, false) as since_before
    from lease
    cross join night
    left join run on lease.lease_id = run.lease_id
    left join last_closing on true
)
select * from told
