-- One row per present residential lease and closing: how the household paid over the last months, as figures from 0 to 1.
-- What payment-behaviour types are learnt from. 0 is the most regular; what counts as 1 stands in the strategy (behaviour). The
-- last call of a window is judged on what was paid by the closing, earlier ones on what was paid by the end of the month after.
-- A call skipped or paid in part is one that was not made good within that time. A lease younger than the strategy's months is new,
-- whatever it paid; where too few calls were asked, or only a benefit stands on the account, no habit is told.
-- grain: lease_id, month
-- per: lease_id
-- columns:
--   lease_id    the lease
--   month       first day of the closing's month
--   no_habit    new where the lease is too young for a habit, unknown where too few calls tell of one, else null
--   calls       calls of the window
--   by_debit    share of the euros paid that direct debit collected; the rest came at the household's own hand
--   late        median days late, over those that count as late as can be; a call not paid is as late as can be
--   unsteady    mean distance of the days late from their median, over the days that count as no habit at all
--   skipped     share of the calls of which nothing was paid, over the share that counts as most of them
--   in_part     share of the calls paid in part, over the same
--   falling     fall of the mean share paid of the last three months below that of those before, over what counts as a full stop
-- checks:
--   by_debit between 0 and 1 and late between 0 and 1 and unsteady between 0 and 1
--   skipped between 0 and 1 and in_part between 0 and 1 and falling between 0 and 1
with behaviour as (
    select
        window_months, new_months, least_calls, history_months, settling_days, full_share, skipped_share, late_days, spread_days,
        missing_share, falling_share
    from strategy.behaviour
),
night as (
    select as_of from strategy.night
),
lease as (
    select lease_id, start_on from ledger.lease where use = 'residential'
),
payment_month as (
    select lease_id, month, closing_on, asked, share_paid, days_late, paid_by_closing, paid_known_way, paid_by_debit
    from risk.payment_month
    where not is_partial
),
scored as (
    select
        payment_month.lease_id,
        payment_month.month,
        payment_month.closing_on,
        payment_month.asked > 0 as is_call,
        payment_month.share_paid,
        payment_month.paid_known_way,
        payment_month.paid_by_debit,
        least(greatest(coalesce(payment_month.days_late, behaviour.late_days), 0), behaviour.late_days) as days,
        payment_month.days_late is null or payment_month.days_late > 30 as is_missing,
        payment_month.paid_by_closing,
        payment_month.share_paid <= behaviour.skipped_share as is_skipped,
        behaviour.late_days,
        behaviour.window_months
    from payment_month
    cross join behaviour
),
gathered as (
    select
        lease_id,
        month,
        closing_on,
        count(*) filter (where is_call) over so_far as calls,
        sum(paid_by_debit) over so_far as paid_by_debit,
        sum(paid_known_way) over so_far as paid_known_way,
        list(days) filter (where is_call) over before as days_before,
        case when is_call then [case when paid_by_closing then days else late_days end] else [] end as days_last,
        count(*) filter (where is_call and is_missing and is_skipped) over before
            + (is_call and not paid_by_closing and is_skipped)::integer as skipped,
        count(*) filter (where is_call and is_missing and not is_skipped) over before
            + (is_call and not paid_by_closing and not is_skipped)::integer as in_part,
        avg(share_paid) over recent as share_recent,
        avg(share_paid) over earlier as share_earlier
    from scored
    window
        so_far as (partition by lease_id order by month rows between window_months - 1 preceding and current row),
        before as (partition by lease_id order by month rows between window_months - 1 preceding and 1 preceding),
        recent as (partition by lease_id order by month rows between 2 preceding and current row),
        earlier as (partition by lease_id order by month rows between window_months - 1 preceding and 3 preceding)
),
told as (
    select
        gathered.*,
        list_concat(coalesce(gathered.days_before, []), gathered.days_last) as days,
        lease.start_on + to_months(behaviour.new_months) > gathered.closing_on as is_new
    from gathered
    inner join lease on gathered.lease_id = lease.lease_id
    cross join behaviour
    cross join night
    where gathered.closing_on + behaviour.settling_days::integer <= night.as_of
        and gathered.month >= date_trunc('month', night.as_of) - to_months(behaviour.history_months)
),
centred as (
    select *, list_median(days) as middle from told
),
measured as (
    select
        centred.lease_id,
        centred.month,
        case when centred.is_new then 'new' when centred.calls < behaviour.least_calls then 'unknown' end as no_habit,
        centred.calls::integer as calls,
        centred.paid_by_debit / nullif(centred.paid_known_way, 0) as by_debit,
        centred.middle / behaviour.late_days as late,
        list_avg([abs(day - centred.middle) for day in centred.days]) / behaviour.spread_days as unsteady,
        centred.skipped / greatest(centred.calls, 1) / behaviour.missing_share as skipped,
        centred.in_part / greatest(centred.calls, 1) / behaviour.missing_share as in_part,
        (centred.share_earlier - centred.share_recent) / behaviour.falling_share as falling
    from centred
    cross join behaviour
),
bounded as (
    select
        lease_id,
        month,
        no_habit,
        calls,
        round(coalesce(by_debit, 0), 6)::double as by_debit,
        round(coalesce(late, 0), 6)::double as late,
        round(least(coalesce(unsteady, 0), 1), 6)::double as unsteady,
        round(least(skipped, 1), 6)::double as skipped,
        round(least(in_part, 1), 6)::double as in_part,
        round(least(greatest(coalesce(falling, 0), 0), 1), 6)::double as falling
    from measured
)
select * from bounded
