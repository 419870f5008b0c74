-- One row per lease and term month: what was billed for the month and what the household was asked.
-- Housing benefit and rent rebate reduce the call of their month when they arrive by its due date plus the grace days;
-- later they are a receipt like another. They never reduce a call below zero: the rest stays a credit.
-- grain: lease_id, term_month
-- per: lease_id
-- columns:
--   lease_id    the lease
--   term_month  the month billed
--   booked_on   the day the call was booked: that of its first line
--   due_on      the day the call is due: that of its first line
--   gross_call  rent, charges and supplement, corrections included
--   benefit     housing benefit and rent rebate that arrived in time
--   net_call    gross call less benefit, never below zero: what the household is asked
--   term        the euros that make one term: the net call, or the gross call where benefit leaves less than the configured share of it
-- checks:
--   net_call = greatest(gross_call - benefit, 0)
--   term > 0
with setting as (
    select grace_days, net_call_floor_share from strategy.setting
),
posting as (
    select lease_id, term_month, booked_on, counts_on, flow, amount
    from ledger.posting
    where flow in ('call', 'benefit')
),
billed as (
    select
        lease_id,
        term_month,
        min(booked_on) filter (where amount > 0) as booked_on,
        min(counts_on) filter (where amount > 0) as due_on,
        sum(amount)::decimal(14, 2) as gross_call
    from posting
    where flow = 'call'
    group by lease_id, term_month
    having sum(amount) > 0
),
benefit as (
    select lease_id, term_month, counts_on, -sum(amount)::decimal(14, 2) as amount
    from posting
    where flow = 'benefit'
    group by lease_id, term_month, counts_on
),
timely as (
    select billed.lease_id, billed.term_month, sum(benefit.amount)::decimal(14, 2) as benefit
    from billed
    inner join benefit on billed.lease_id = benefit.lease_id and billed.term_month = benefit.term_month
    cross join setting
    where benefit.counts_on <= billed.due_on + setting.grace_days::integer
    group by billed.lease_id, billed.term_month
),
asked as (
    select
        billed.lease_id,
        billed.term_month,
        billed.booked_on,
        billed.due_on,
        billed.gross_call,
        coalesce(timely.benefit, 0)::decimal(14, 2) as benefit,
        greatest(billed.gross_call - coalesce(timely.benefit, 0), 0)::decimal(14, 2) as net_call
    from billed
    left join timely on billed.lease_id = timely.lease_id and billed.term_month = timely.term_month
),
with_term as (
    select
        asked.lease_id,
        asked.term_month,
        asked.booked_on,
        asked.due_on,
        asked.gross_call,
        asked.benefit,
        asked.net_call,
        case
            when asked.net_call < asked.gross_call * setting.net_call_floor_share then asked.gross_call
            else asked.net_call
        end as term
    from asked
    cross join setting
)
select * from with_term
