-- One row per reminder or collection act about a residential lease that owed nothing on that day, or that owed nothing by the books:
-- harm by value date: what was received by the end of the day, whenever it was booked; fault by booked date: what the landlord
-- had booked the evening before, so that the night's lists could know it. Offers of help are never counted.
-- grain: action_id
-- per: lease_id
-- columns:
--   action_id       the action
--   lease_id        the lease
--   agency_id       today's agency
--   action_on       the day on which it was done
--   month           its month
--   kind            what was done
--   purpose         reminder or collection_act
--   due_balance     due balance at the end of the day, by value date
--   booked_balance  due balance as booked the evening before
--   is_harm         nothing was due by value date
--   is_fault        nothing was due by the books
-- checks:
--   is_harm or is_fault
with setting as (
    select grace_days from strategy.setting
),
action as (
    select action_id, lease_id, agency_id, action_on, month, kind, purpose
    from conduct.action
    where purpose in ('reminder', 'collection_act')
),
balance as (
    select lease_id, on_date, due_balance from conduct.balance
),
acted as (
    select lease_id, min(action_on) as first_action_on, max(action_on) as last_action_on from action group by lease_id
),
posting as (
    select lease_id, term_month, booked_on, counts_on, flow, amount
    from ledger.posting
    where lease_id in (select lease_id from acted)
),
call as (
    select lease_id, term_month, due_on from ledger.call where lease_id in (select lease_id from acted)
),
counted as (
    select lease_id, booked_on, counts_on, amount from posting where flow <> 'benefit'
    union all
    select
        posting.lease_id,
        posting.booked_on,
        case
            when posting.counts_on <= call.due_on + setting.grace_days::integer then call.due_on
            else posting.counts_on
        end as counts_on,
        posting.amount
    from posting
    cross join setting
    left join call on posting.lease_id = call.lease_id and posting.term_month = call.term_month
    where posting.flow = 'benefit'
),
known as (
    select lease_id, greatest(booked_on + 1, counts_on) as known_on, amount from counted
),
known_by_day as (
    select known.lease_id, greatest(known.known_on, acted.first_action_on) as known_on, sum(known.amount) as amount
    from known
    inner join acted on known.lease_id = acted.lease_id and known.known_on <= acted.last_action_on
    group by 1, 2
),
booked as (
    select lease_id, known_on, sum(amount) over (partition by lease_id order by known_on)::decimal(14, 2) as booked_balance
    from known_by_day
),
judged as (
    select
        action.action_id,
        action.lease_id,
        action.agency_id,
        action.action_on,
        action.month,
        action.kind,
        action.purpose,
        balance.due_balance,
        booked.booked_balance,
        coalesce(balance.due_balance <= 0, false) as is_harm,
        coalesce(booked.booked_balance <= 0, false) as is_fault
    from action
    asof left join balance on action.lease_id = balance.lease_id and action.action_on >= balance.on_date
    asof left join booked on action.lease_id = booked.lease_id and action.action_on >= booked.known_on
),
chased as (
    select * from judged where is_harm or is_fault
)
select * from chased
