-- What a score may be made of: one row per date and lease drawn, one column a feature, on what was booked and known on the date.
-- Reminders, fees and whatever else the landlord did because of arrears are no features: they follow what they would foretell.
-- What each column means, and whether the strategy allows it, stands in risk.feature_meaning. Null is missing: a new entrant has no
-- past, and has all that is known at entry.
-- grain: as_of, lease_id
-- columns:
--   as_of                      the date
--   lease_id                   the lease
--   days_late_last             days from the due date until the last call was paid
--   days_late_mean_3           mean of that over three months
--   days_late_mean_12          over twelve months
--   days_late_trend            mean of the last three months, less that of the nine before
--   days_late_worst_6          largest of six months
--   payment_day_spread         standard deviation over twelve months
--   late_months_12             of twelve
--   months_since_late          months since the last such month of twenty-four; null where there is none
--   months_since_arrears       months since the last closing with a whole term owed, before the ongoing spell; null where there is none
--   arrears_months_24          closings of twenty-four with a whole term owed
--   earlier_spells             spells of arrears before, ended ones
--   spell_months               closings of the ongoing spell; 0 where none is
--   paid_share_3               over three months
--   paid_share_12              over twelve months
--   partial_months_6           months of six in which a part was paid
--   unpaid_months_6            months of six in which nothing was paid of a call left unpaid
--   payments_per_month         payments a month
--   amount_spread              standard deviation of what was paid, in net calls
--   terms_owed                 terms owed, parts counted
--   terms_owed_change_3        the same, less three months before
--   small_debt_months_6        closings of six with a debt of less than a term
--   credit_terms               credit on the account, in terms
--   rejected_hardship_3        payments given back for want of money in three months
--   rejected_hardship_12       in twelve months
--   rejected_unstated_12       given back for no stated reason in twelve months
--   rejected_administrative_12  for an account closed or a mandate missing
--   payment_channel            direct_debit where a mandate is known, else how it last paid
--   mandate_stopped            1 where one ended in six months
--   benefit_share              share of the gross call that benefit covers
--   benefit_drop               how much less of it benefit covers than before
--   benefit_missing_months     months of three without a benefit that there was before
--   benefit_clawback_12        benefit taken back in twelve months, in terms
--   benefit_direct             direct where housing benefit is paid to the landlord, not_direct where not
--   net_call                   euros that make one term
--   call_change                the term over what was asked before, less one
--   other_debits_3             other principal asked in three months, in terms
--   third_party_12             paid by the solidarity fund, a guarantor or others in twelve months, in terms
--   tenure_months              full months since the lease began
--   rent_burden                net call over monthly income
--   left_to_live               euros left a month for each consumption unit
--   income_change              income over that of a year before, less one
--   household_size             people
--   household_shrunk           1 where fewer people than two years before, else 0
--   dwelling_type              T1 to T6
--   surface_per_person         square metres
--   season                     first month of the window, 01 to 12
--   agency_arrears_share       share of the agency's households that owed a whole term at the last month end
--   plan_running               running where a repayment plan runs, else none
--   plans_broken_24            plans broken in twenty-four months
with origin as (
    select as_of, whole_month, window_from from risk.origin
),
drawn as (
    select distinct as_of, lease_id from risk.drawn
),
known_month as (
    select lease_id, month, terms_owed from risk.known_month
),
known_day as (
    select as_of, lease_id, balance, term, terms_owed, spell_months, spells, last_owing_month from risk.known_day
),
habit as (
    select
        lease_id, month, days_late_last, days_late_mean_3, days_late_mean_12, days_late_trend, days_late_worst_6, payment_day_spread,
        late_months_12, months_since_late, arrears_months_24, paid_share_3, paid_share_12,
        partial_months_6, unpaid_months_6, payments_per_month, amount_spread, small_debt_months_6, benefit_share, benefit_drop,
        benefit_missing_months, benefit_clawback_12, call_change, other_debits_3, third_party_12, terms_owed_3, channel
    from risk.payment_habit
),
circumstance as (
    select
        as_of, lease_id, tenure_months, net_call, rent_burden, left_to_live, income_change, household_size,
        household_shrunk, dwelling_type, surface_per_person, direct_debit, mandate_stopped, benefit_direct, plan_running,
        plans_broken_24
    from risk.circumstance
),
rejected as (
    select as_of, lease_id, hardship_3, hardship_12, unstated_12, administrative_12 from risk.rejected
),
lease as (
    select lease_id, agency_id from ledger.lease
),
agency_month as (
    select lease.agency_id, known_month.month, avg((known_month.terms_owed >= 1)::integer) as arrears_share
    from known_month
    inner join lease on known_month.lease_id = lease.lease_id
    group by lease.agency_id, known_month.month
),
told as (
    select
        drawn.as_of,
        drawn.lease_id,
        habit.days_late_last::double as days_late_last,
        habit.days_late_mean_3::double as days_late_mean_3,
        habit.days_late_mean_12::double as days_late_mean_12,
        habit.days_late_trend::double as days_late_trend,
        habit.days_late_worst_6::double as days_late_worst_6,
        habit.payment_day_spread::double as payment_day_spread,
        habit.late_months_12::double as late_months_12,
        habit.months_since_late::double as months_since_late,
        datediff('month', now.last_owing_month, origin.whole_month)::double as months_since_arrears,
        habit.arrears_months_24::double as arrears_months_24,
        (now.spells - (now.spell_months > 0)::integer)::double as earlier_spells,
        now.spell_months::double as spell_months,
        habit.paid_share_3::double as paid_share_3,
        habit.paid_share_12::double as paid_share_12,
        habit.partial_months_6::double as partial_months_6,
        habit.unpaid_months_6::double as unpaid_months_6,
        habit.payments_per_month::double as payments_per_month,
        habit.amount_spread::double as amount_spread,
        round(now.terms_owed, 4)::double as terms_owed,
        round(
            now.terms_owed - case when habit.terms_owed_3 > 3 then 3 else habit.terms_owed_3 end, 4
        )::double as terms_owed_change_3,
        habit.small_debt_months_6::double as small_debt_months_6,
        round(greatest(-now.balance, 0) / now.term, 4)::double as credit_terms,
        coalesce(rejected.hardship_3, 0)::double as rejected_hardship_3,
        coalesce(rejected.hardship_12, 0)::double as rejected_hardship_12,
        coalesce(rejected.unstated_12, 0)::double as rejected_unstated_12,
        coalesce(rejected.administrative_12, 0)::double as rejected_administrative_12,
        if(circumstance.direct_debit = 1, 'direct_debit', habit.channel) as payment_channel,
        circumstance.mandate_stopped::double as mandate_stopped,
        habit.benefit_share::double as benefit_share,
        habit.benefit_drop::double as benefit_drop,
        habit.benefit_missing_months::double as benefit_missing_months,
        habit.benefit_clawback_12::double as benefit_clawback_12,
        circumstance.benefit_direct,
        circumstance.net_call::double as net_call,
        habit.call_change::double as call_change,
        habit.other_debits_3::double as other_debits_3,
        habit.third_party_12::double as third_party_12,
        circumstance.tenure_months::double as tenure_months,
        circumstance.rent_burden::double as rent_burden,
        circumstance.left_to_live::double as left_to_live,
        circumstance.income_change::double as income_change,
        circumstance.household_size::double as household_size,
        circumstance.household_shrunk::double as household_shrunk,
        circumstance.dwelling_type,
        circumstance.surface_per_person::double as surface_per_person,
        strftime(origin.window_from, '%m') as season,
        round(agency_month.arrears_share, 4)::double as agency_arrears_share,
        circumstance.plan_running,
        circumstance.plans_broken_24::double as plans_broken_24
    from drawn
    inner join origin on drawn.as_of = origin.as_of
    inner join lease on drawn.lease_id = lease.lease_id
    inner join known_day as now on drawn.as_of = now.as_of and drawn.lease_id = now.lease_id
    inner join circumstance on drawn.as_of = circumstance.as_of and drawn.lease_id = circumstance.lease_id
    left join habit on drawn.lease_id = habit.lease_id and origin.whole_month = habit.month
    left join rejected on drawn.as_of = rejected.as_of and drawn.lease_id = rejected.lease_id
    left join agency_month on lease.agency_id = agency_month.agency_id and origin.whole_month = agency_month.month
)
select * from told
