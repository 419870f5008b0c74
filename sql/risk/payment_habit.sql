-- How a household pays, read on the last day of a month that is over: windows over the months before, as each was known at its end.
-- A month is late when its call was paid after the grace days, or not at all.
-- kind: view
-- grain: lease_id, month
-- per: lease_id
-- columns:
--   lease_id                the lease
--   month                   the month
--   days_late_last          days late of the last call of three months
--   days_late_mean_3        mean days late of three months
--   days_late_mean_12       of twelve months
--   days_late_trend         mean of the last three months, less the mean of the nine before
--   days_late_worst_6       largest of six months
--   payment_day_spread      standard deviation of the days late of twelve months
--   late_months_12          late months of twelve
--   months_since_late       months since the last late one of twenty-four; 0 for the month itself
--   arrears_months_24       closings of twenty-four with a whole term owed
--   paid_share_3            euros paid over net calls of three months, three at most
--   paid_share_12           over twelve months
--   partial_months_6        months of six in which something was paid and the call was not
--   unpaid_months_6         months of six in which nothing was paid of a call that was left unpaid
--   payments_per_month      payments a month, of six months
--   amount_spread           standard deviation of what was paid, in net calls, of twelve months
--   small_debt_months_6     closings of six with a debt of less than a term
--   terms_owed_3            terms owed three months before
--   benefit_share           share of the gross call that benefit covered, of three months
--   benefit_drop            the same of the nine months before, less that of the last month
--   benefit_missing_months  months of three without benefit, where the six before had it in three at least
--   benefit_clawback_12     benefit taken back in twelve months, in terms
--   call_change             the last term over the mean net call of the nine months before the last three, less one; three at most
--   other_debits_3          other principal asked in three months, in terms
--   third_party_12          what third parties paid in twelve months, in terms
--   channel                 how the household last paid, of six months
with setting as (
    select grace_days, late_euros from strategy.setting
),
known_month as (
    select
        lease_id, month, due_on, gross_call, benefit, net_call, term, unpaid, terms_owed, days_late, is_settled, paid, payments,
        channel, third_party, clawback, other_debits
    from risk.known_month
),
marked as (
    select
        known_month.*,
        coalesce(known_month.days_late > setting.grace_days, false) as is_late,
        known_month.unpaid > setting.late_euros and known_month.terms_owed < 1 as is_small_debt,
        case when known_month.net_call > 0 then least(known_month.paid / known_month.net_call, 3)::double end as paid_share,
        coalesce(known_month.benefit > 0, false) as has_benefit
    from known_month
    cross join setting
),
looked_back as (
    select
        lease_id,
        month,
        term,
        last_value(days_late ignore nulls) over of_3 as days_late_last,
        avg(days_late) over of_3 as days_late_mean_3,
        avg(days_late) over of_12 as days_late_mean_12,
        avg(days_late) over of_9_before as days_late_mean_before,
        max(days_late) over of_6 as days_late_worst_6,
        case when count(days_late) over of_12 >= 3 then stddev_pop(days_late) over of_12 end as payment_day_spread,
        count(due_on) over of_6 as calls_6,
        count(due_on) over of_12 as calls_12,
        count(*) filter (where is_late) over of_12 as late_months_12,
        max(case when is_late then month end) over of_24 as last_late_month,
        count(*) filter (where terms_owed >= 1) over of_24 as arrears_months_24,
        sum(paid) over of_3 as paid_3,
        sum(net_call) over of_3 as asked_3,
        sum(paid) over of_12 as paid_12,
        sum(net_call) over of_12 as asked_12,
        count(*) filter (where paid > 0 and not is_settled) over of_6 as partial_months_6,
        count(*) filter (where paid = 0 and net_call > 0 and not is_settled) over of_6 as unpaid_months_6,
        avg(payments) over of_6 as payments_per_month,
        case when count(paid_share) over of_12 >= 3 then stddev_pop(paid_share) over of_12 end as amount_spread,
        count(*) filter (where is_small_debt) over of_6 as small_debt_months_6,
        lag(terms_owed, 3) over so_far as terms_owed_3,
        sum(benefit) over of_3 / nullif(sum(gross_call) over of_3, 0) as benefit_share,
        benefit / nullif(gross_call, 0) as benefit_share_last,
        sum(benefit) over of_9_before / nullif(sum(gross_call) over of_9_before, 0) as benefit_share_before,
        count(*) filter (where gross_call > 0 and not has_benefit) over of_3 as months_without_benefit_3,
        count(*) filter (where has_benefit) over of_6_before as months_with_benefit_before,
        sum(clawback) over of_12 as clawback_12,
        avg(net_call) over of_9_before as net_call_before,
        sum(other_debits) over of_3 as other_debits_3,
        sum(third_party) over of_12 as third_party_12,
        last_value(channel ignore nulls) over of_6 as channel
    from marked
    window
        so_far as (partition by lease_id order by month),
        of_3 as (partition by lease_id order by month rows between 2 preceding and current row),
        of_6 as (partition by lease_id order by month rows between 5 preceding and current row),
        of_12 as (partition by lease_id order by month rows between 11 preceding and current row),
        of_24 as (partition by lease_id order by month rows between 23 preceding and current row),
        of_9_before as (partition by lease_id order by month rows between 11 preceding and 3 preceding),
        of_6_before as (partition by lease_id order by month rows between 8 preceding and 3 preceding)
),
told as (
    select
        lease_id,
        month,
        days_late_last,
        round(days_late_mean_3, 4) as days_late_mean_3,
        round(days_late_mean_12, 4) as days_late_mean_12,
        round(days_late_mean_3 - days_late_mean_before, 4) as days_late_trend,
        days_late_worst_6,
        round(payment_day_spread, 4) as payment_day_spread,
        case when calls_12 > 0 then late_months_12 end as late_months_12,
        datediff('month', last_late_month, month) as months_since_late,
        case when calls_12 > 0 then arrears_months_24 end as arrears_months_24,
        case when asked_3 > 0 then round(least(paid_3 / asked_3, 3), 4) end as paid_share_3,
        case when asked_12 > 0 then round(least(paid_12 / asked_12, 3), 4) end as paid_share_12,
        case when calls_6 > 0 then partial_months_6 end as partial_months_6,
        case when calls_6 > 0 then unpaid_months_6 end as unpaid_months_6,
        case when calls_6 > 0 then round(payments_per_month, 4) end as payments_per_month,
        round(amount_spread, 4) as amount_spread,
        case when calls_6 > 0 then small_debt_months_6 end as small_debt_months_6,
        terms_owed_3,
        case when benefit_share is not null then round(least(benefit_share, 1), 4) end as benefit_share,
        round(benefit_share_before - benefit_share_last, 4) as benefit_drop,
        case when months_with_benefit_before >= 3 then months_without_benefit_3 end as benefit_missing_months,
        round(clawback_12 / term, 4) as benefit_clawback_12,
        case when net_call_before > 0 and term > 0 then round(least(term / net_call_before, 4) - 1, 4) end as call_change,
        round(other_debits_3 / term, 4) as other_debits_3,
        round(third_party_12 / term, 4) as third_party_12,
        channel
    from looked_back
)
select * from told
