-- One row per present residential lease and month: what the household was asked, and when, how fully and how it paid.
-- Habits are told month by month: what a household pays meets the month's call first, so that an old debt does not turn a
-- regular payer into a late one. What was paid ahead counts, and what the landlord or the benefit office credits. A call belongs
-- to the month in which its grace days end, and is due no earlier than it was booked; it may still be paid by the end of the
-- month after. Money counts from the day it arrived, among all that is booked by the as-of date. Only what the household itself
-- pays is its habit: what a guarantor or the solidarity fund pays lessens its debt.
-- grain: lease_id, month
-- per: lease_id
-- columns:
--   lease_id         the lease
--   month            first day of the month
--   closing_on       its last day; the as-of date for the month under way
--   is_partial       true for the month under way
--   asked            euros that the household was asked, net of benefit; 0 where benefit leaves it next to nothing
--   due_on           the day the call was due, the latest where several were; null where nothing was asked
--   share_paid       share of the call paid by the closing; null where nothing was asked
--   days_late        days from due_on until it was paid in full, negative when early, 0 when credit covered it; null where it was not by the end of the month after
--   paid_by_closing  whether it was paid in full by the closing
--   received         euros that the household paid in the month, less what was sent back
--   paid             euros that it paid in the month, what was sent back included
--   paid_known_way   the part of paid of which the landlord tells the way
--   paid_by_debit    the part of paid that was collected by direct debit
--   rejections       payments sent back in the month
-- checks:
--   share_paid is null or (share_paid >= 0 and share_paid <= 1)
--   (share_paid is null) = (asked = 0)
--   (due_on is null) = (asked = 0)
--   paid_by_debit <= paid_known_way and paid_known_way <= paid
--   not paid_by_closing or days_late is not null
with night as (
    select as_of from strategy.night
),
setting as (
    select grace_days::integer as grace_days, net_call_floor_share from strategy.setting
),
behaviour as (
    select window_months, history_months, strip_months, full_share from strategy.behaviour
),
lease as (
    select lease_id, start_on, end_on from ledger.lease where use = 'residential'
),
lease_month as (
    select lease_id, month, closing_on, is_partial, principal_due
    from arrears.lease_month
    where use = 'residential' and status = 'present'
),
ledger_call as (
    select lease_id, term_month, booked_on, due_on, gross_call, net_call from ledger.call
),
entry as (
    select lease_id, booked_on, due_on, value_on, amount, channel
    from ledger.entry
    where kind in ('payment', 'payment_rejected') and coalesce(payer::varchar, 'tenant') = 'tenant'
),
posting as (
    select lease_id, counts_on, term_month, flow, amount
    from ledger.posting
    where flow in ('benefit', 'billing') and amount < 0
),
span as (
    select
        (
            date_trunc('month', night.as_of)
            - to_months(greatest(behaviour.history_months + behaviour.window_months, behaviour.strip_months))
        )::date as first_month,
        night.as_of
    from night
    cross join behaviour
),
present as (
    select lease_month.*
    from lease_month
    cross join span
    where lease_month.month >= span.first_month
),
balance_before as (
    select lease_id, (month + interval 1 month)::date as month, closing_on as closing_before, -principal_due as credit
    from present
    where not is_partial
),
call as (
    select
        ledger_call.lease_id,
        greatest(ledger_call.due_on, ledger_call.booked_on) as due_on,
        ledger_call.due_on as counts_on,
        date_trunc('month', greatest(ledger_call.due_on, ledger_call.booked_on) + setting.grace_days)::date as month,
        ledger_call.net_call
    from ledger_call
    cross join setting
    where ledger_call.net_call >= ledger_call.gross_call * setting.net_call_floor_share
),
asked as (
    select
        call.lease_id,
        call.month,
        sum(call.net_call)::decimal(14, 2) as asked,
        max(call.due_on) as due_on,
        min(call.counts_on) as counts_on
    from call
    cross join span
    where call.month >= span.first_month and call.due_on <= span.as_of and call.net_call > 0
    group by call.lease_id, call.month
),
in_time as (
    select ledger_call.lease_id, ledger_call.term_month, ledger_call.due_on + setting.grace_days as until
    from ledger_call
    cross join setting
),
late_benefit as (
    select posting.lease_id, posting.counts_on, posting.amount
    from posting
    left join in_time on posting.lease_id = in_time.lease_id and posting.term_month = in_time.term_month
    where posting.flow = 'benefit' and (in_time.until is null or posting.counts_on > in_time.until)
),
credited as (
    select lease_id, counts_on, amount from posting where flow = 'billing'
    union all
    select lease_id, counts_on, amount from late_benefit
),
relief as (
    select lease_id, date_trunc('month', counts_on)::date as month, -sum(amount)::decimal(14, 2) as relief
    from credited
    group by lease_id, date_trunc('month', counts_on)
),
receipt as (
    select
        entry.lease_id,
        case
            when entry.amount > 0 then coalesce(entry.due_on, entry.booked_on)
            else coalesce(entry.value_on, entry.due_on, entry.booked_on)
        end as counts_on,
        entry.amount,
        entry.channel
    from entry
    cross join span
    where entry.booked_on <= span.as_of
),
placed as (
    select
        receipt.lease_id,
        date_trunc('month', receipt.counts_on)::date as month,
        case when receipt.amount > 0 then date_trunc('month', receipt.counts_on)::date else receipt.counts_on end as on_day,
        receipt.amount,
        receipt.channel
    from receipt
    cross join span
    where receipt.counts_on >= span.first_month and receipt.counts_on <= span.as_of
),
received as (
    select
        lease_id,
        month,
        -sum(amount)::decimal(14, 2) as received,
        coalesce(-sum(amount) filter (where amount < 0), 0)::decimal(14, 2) as paid,
        coalesce(-sum(amount) filter (where amount < 0 and channel is not null), 0)::decimal(14, 2) as paid_known_way,
        coalesce(-sum(amount) filter (where amount < 0 and channel = 'direct_debit'), 0)::decimal(14, 2) as paid_by_debit,
        count(*) filter (where amount > 0)::integer as rejections
    from placed
    group by lease_id, month
),
arrival as (
    select lease_id, month, on_day, -sum(amount) over so_far as received_so_far
    from placed
    window so_far as (partition by lease_id, month order by on_day range between unbounded preceding and current row)
),
met as (
    select
        present.lease_id,
        present.month,
        present.closing_on,
        present.is_partial,
        asked.asked,
        asked.due_on,
        greatest(
            0,
            coalesce(balance_before.credit, 0)
            + case when asked.counts_on <= balance_before.closing_before then asked.asked else 0 end
            + coalesce(relief.relief, 0)
        ) as credit,
        coalesce(received.received, 0) as received,
        coalesce(received.paid, 0) as paid,
        coalesce(received.paid_known_way, 0) as paid_known_way,
        coalesce(received.paid_by_debit, 0) as paid_by_debit,
        coalesce(received.rejections, 0) as rejections
    from present
    left join asked on present.lease_id = asked.lease_id and present.month = asked.month
    left join balance_before on present.lease_id = balance_before.lease_id and present.month = balance_before.month
    left join relief on present.lease_id = relief.lease_id and present.month = relief.month
    left join received on present.lease_id = received.lease_id and present.month = received.month
),
wanted as (
    select
        met.lease_id,
        met.month,
        met.asked * behaviour.full_share - met.credit as this_month,
        met.asked * behaviour.full_share - met.credit - met.received as next_month
    from met
    cross join behaviour
    where met.asked > 0
),
paid_in_time as (
    select wanted.lease_id, wanted.month, min(arrival.on_day) as paid_on
    from wanted
    inner join arrival
        on wanted.lease_id = arrival.lease_id
        and wanted.month = arrival.month
        and wanted.this_month <= arrival.received_so_far
    where wanted.this_month > 0
    group by wanted.lease_id, wanted.month
),
paid_next as (
    select wanted.lease_id, wanted.month, min(arrival.on_day) as paid_on
    from wanted
    inner join arrival
        on wanted.lease_id = arrival.lease_id
        and wanted.month = arrival.month - interval 1 month
        and wanted.next_month <= arrival.received_so_far
    where wanted.this_month > 0 and wanted.next_month > 0
    group by wanted.lease_id, wanted.month
),
judged as (
    select
        met.lease_id,
        met.month,
        met.closing_on,
        met.is_partial,
        coalesce(met.asked, 0)::decimal(14, 2) as asked,
        met.due_on,
        case when met.asked > 0 then greatest(0, least(1, (met.received + met.credit) / met.asked)) end::decimal(6, 4) as share_paid,
        case when wanted.this_month <= 0 then 0 else coalesce(paid_in_time.paid_on, paid_next.paid_on) - met.due_on end::integer
            as days_late,
        coalesce(wanted.this_month <= 0 or paid_in_time.paid_on is not null, false) as paid_by_closing,
        met.received::decimal(14, 2) as received,
        met.paid::decimal(14, 2) as paid,
        met.paid_known_way::decimal(14, 2) as paid_known_way,
        met.paid_by_debit::decimal(14, 2) as paid_by_debit,
        met.rejections::integer as rejections
    from met
    left join wanted on met.lease_id = wanted.lease_id and met.month = wanted.month
    left join paid_in_time on met.lease_id = paid_in_time.lease_id and met.month = paid_in_time.month
    left join paid_next on met.lease_id = paid_next.lease_id and met.month = paid_next.month
)
select * from judged
