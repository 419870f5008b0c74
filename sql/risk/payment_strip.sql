-- One row per residential lease present tonight and month, the month under way first: when and how fully each call was paid.
-- The strip that social teams see. Each month's call is told apart (see risk.payment_month): an old debt does not colour it.
-- grain: lease_id, month
-- per: lease_id
-- columns:
--   lease_id     the lease
--   month        first day of the month
--   months_back  1 for the month under way, 2 for the one before …
--   closing_on   the day on which the month is read
--   is_partial   true for the month under way
--   kind         on_time (in full within the grace days), late (in full by the end of the month after), partial, none, no_call, or open while the month is under way and the call is not paid in full
--   share_paid   share of the call paid by the closing; null where nothing was asked
--   days_late    days from the due date until it was paid in full, negative when early; null where it was not
--   due_on       the day the call was due
--   asked        euros that the household was asked
--   received     euros that it paid in the month, less what was sent back
--   rejections   payments sent back in the month
-- checks:
--   kind in ('on_time', 'late', 'partial', 'none', 'no_call', 'open')
--   (kind = 'no_call') = (asked = 0)
with night as (
    select as_of from strategy.night
),
setting as (
    select grace_days::integer as grace_days from strategy.setting
),
behaviour as (
    select strip_months, skipped_share from strategy.behaviour
),
lease as (
    select lease_id from ledger.lease
    where use = 'residential'
        and start_on <= (select as_of from night)
        and (end_on is null or end_on > (select as_of from night))
),
payment_month as (
    select lease_id, month, closing_on, is_partial, asked, due_on, share_paid, days_late, received, rejections
    from risk.payment_month
),
placed as (
    select
        payment_month.*,
        date_diff('month', payment_month.month, night.as_of)::integer + 1 as months_back
    from payment_month
    semi join lease on payment_month.lease_id = lease.lease_id
    cross join night
),
told as (
    select
        placed.lease_id,
        placed.month,
        placed.months_back,
        placed.closing_on,
        placed.is_partial,
        case
            when placed.asked = 0 then 'no_call'
            when placed.days_late <= setting.grace_days then 'on_time'
            when placed.days_late is not null then 'late'
            when placed.is_partial then 'open'
            when placed.share_paid <= behaviour.skipped_share then 'none'
            else 'partial'
        end as kind,
        placed.share_paid,
        placed.days_late,
        placed.due_on,
        placed.asked,
        placed.received,
        placed.rejections
    from placed
    cross join setting
    cross join behaviour
    where placed.months_back <= behaviour.strip_months
)
select * from told
