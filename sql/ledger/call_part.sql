-- One row per lease, term month and due date: the part of a net call that falls due that day.
-- Most calls fall due on one day. A line of the call with a later due date (a supplement told afterwards) counts from
-- its own; benefit and corrections reduce what falls due first.
-- grain: lease_id, term_month, due_on
-- per: lease_id
-- columns:
--   lease_id    the lease
--   term_month  the month billed
--   due_on      the day this part is due
--   amount      euros of the net call that fall due that day; zero where benefit covers the whole call
--   term        the euros that make one term of that month
-- checks:
--   amount >= 0
--   term > 0
with posting as (
    select lease_id, term_month, counts_on, amount from ledger.posting where flow = 'call' and amount > 0
),
call as (
    select lease_id, term_month, due_on, net_call, term from ledger.call
),
later_line as (
    select posting.lease_id, posting.term_month, posting.counts_on as due_on, sum(posting.amount)::decimal(14, 2) as billed
    from posting
    inner join call on posting.lease_id = call.lease_id and posting.term_month = call.term_month
    where posting.counts_on > call.due_on
    group by posting.lease_id, posting.term_month, posting.counts_on
),
later_part as (
    select
        later_line.lease_id,
        later_line.term_month,
        later_line.due_on,
        later_line.billed,
        coalesce(
            sum(later_line.billed) over (
                partition by later_line.lease_id, later_line.term_month
                order by later_line.due_on desc
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as billed_after
    from later_line
),
later_total as (
    select lease_id, term_month, sum(billed) as billed from later_line group by lease_id, term_month
),
part as (
    select
        call.lease_id,
        call.term_month,
        call.due_on,
        greatest(call.net_call - coalesce(later_total.billed, 0), 0)::decimal(14, 2) as amount,
        call.term
    from call
    left join later_total on call.lease_id = later_total.lease_id and call.term_month = later_total.term_month
    union all
    select
        later_part.lease_id,
        later_part.term_month,
        later_part.due_on,
        (
            greatest(call.net_call - later_part.billed_after, 0)
            - greatest(call.net_call - later_part.billed_after - later_part.billed, 0)
        )::decimal(14, 2) as amount,
        call.term
    from later_part
    inner join call on later_part.lease_id = call.lease_id and later_part.term_month = call.term_month
)
select * from part
