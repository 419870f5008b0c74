-- One row per household at risk: all that matching and adjustment know of it, none of it later than the evening before the day.
-- Each text column is a set of groups, each number a scale; skewed scales are logarithms.
-- kind: view
-- grain: treatment, lease_id, month, treated
-- per: lease_id
-- columns:
--   treatment            the treatment
--   lease_id             the lease
--   month                first day of the month
--   treated              whether the treatment began that day
--   on_date              the day
--   approach             how the interview was held
--   household_id         the household
--   later                whether the treatment began later in the same month: nothing to learn from
--   sampled_share        share of the untreated like it that was looked at, over the share of the treated
--   whole_terms          whole terms owed on the evening before: 1, 2, 3_5 or 6_plus
--   spell                length of the spell at the last closing: 1, 2_3, 4_6, 7_12 or 13_plus
--   contact              for a plan, the kind of contact; else none
--   whole_terms_closing  whole terms owed at the last closing, likewise
--   terms                terms owed on the evening before, logarithm
--   terms_closing        terms owed at the last closing, logarithm
--   part_term            what is owed beyond whole terms on the evening before
--   term_less            1 where fewer whole terms are owed than at the closing
--   term_more            1 where more are
--   paid_this_month      paid since the month began, in calls, at most 3
--   terms_change_3       change of terms owed over three closings, from -3 to 3
--   terms_change_12      change of terms owed over twelve closings, from -6 to 6
--   spell_length         months of the spell, logarithm
--   owing_months_12      closings with a whole term owed, of twelve
--   owing_months_24      of twenty-four
--   spells_24            spells begun in twenty-four closings
--   earlier_spell        1 where an earlier spell ended within the window
--   new_entrant          1 where the lease began less than a year before
--   tenure_length        months since the lease began, logarithm
--   age                  age of the oldest debt, logarithm
--   due_euros            euros due on the evening before, logarithm
--   least_for_plan       1 where 500 euros or more are due
--   net_call             the call, in hundreds of euros
--   benefit_share        share of the gross call that benefit covers
--   paid_1               paid last month, in calls, at most 2
--   paid_3               paid in three months, in calls a month, at most 2
--   paid_6               paid in six months, in calls a month, at most 2
--   paid_nothing_1       1 where nothing was paid last month
--   paid_months_6        months with a payment, of six
--   rejections_3         rejected payments in three months
--   rejections_12        rejected payments in twelve months
--   direct_debit         1 where a mandate is known
--   last_letter          rank of the spell's last letter, as a group
--   letter_this_month    rank of the month's letter, as a group
--   letter_days          days since the month's letter, over ten
--   letter_months        months since the spell's last letter, at most 6
--   latest_letter        rank and months of the last letter of six months, as groups
--   interview            months since the last interview, as groups
--   interviews_24        interviews in twenty-four months
--   calls_3              calls in three months
--   calls_12             calls in twelve months
--   visits_12            visits in twelve months
--   messages_3           messages in three months
--   messages_12          messages in twelve months
--   missed_3             contacts attempted in vain in three months
--   reached              contacts held this month
--   reached_lately       1 where a contact was held in the five days before
--   missed               contacts attempted in vain this month
--   interviewed          1 where an interview was held this month
--   messages             messages sent this month
--   fund_asked           1 where the fund was asked this month
--   promises_12          promises in twelve months
--   refusals_24          refusals in twenty-four months
--   plans_24             plans in twenty-four months
--   broken_plans_24      broken plans in twenty-four months
--   fund_12              requests to the fund in twelve months
--   grants_12            grants of the fund in twelve months
--   reported             1 where the benefit office was told within the spell
--   litigation           1 where the case was handed over
--   noticed              1 where a notice to pay was served
--   summoned             1 where a summons was served
--   plan_running         1 where a plan runs
--   promise_running      1 where a promise runs
--   dispute_running      1 where part of the debt is disputed
--   stop_running         1 where another stop holds
--   agency_id            today's agency
--   season               month of the year
--   year                 the year
--   day                  day of the month, over ten
--   tenure               band of years since the lease began
--   rent_burden          band of rent over income
--   household_size       band of people in the household
--   benefit_direct       direct where benefit is paid to the landlord
--   income_band          band of income
with at_risk as (
    select treatment, lease_id, month, treated, on_date, approach, contact, household_id, later, sampled_share from effect.at_risk
),
history as (
    select
        lease_id, month, agency_id, season, year, tenure_months, tenure, rent_burden, household_size, benefit_direct,
        income_band, direct_debit, net_call, benefit_share, terms_owed, terms_change_3, terms_change_12, spell_months,
        owing_months_12, owing_months_24, spells_24, earlier_spell, age_months, paid_1, paid_3, paid_6, paid_months_6,
        rejections_3, rejections_12, last_letter, letter_months, latest_letter, latest_letter_months, interview_months,
        interviews_24, calls_3, calls_12, visits_12, messages_3, messages_12, missed_3, promises_12, refusals_24,
        plans_24, broken_plans_24, fund_12, grants_12, reported, litigation, noticed, summoned
    from effect.history
),
month_so_far as (
    select
        lease_id, on_date, day, terms_owed, due_balance, paid, letter, letter_days, reached, reached_lately, missed, interviewed,
        messages, fund_asked, plan_running, promise_running, dispute_running, stop_running
    from effect.month_so_far
),
known as (
    select
        at_risk.treatment,
        at_risk.lease_id,
        at_risk.month,
        at_risk.treated,
        at_risk.on_date,
        at_risk.approach,
        at_risk.household_id,
        at_risk.later,
        at_risk.sampled_share,
        case
            when month_so_far.terms_owed < 2 then '1'
            when month_so_far.terms_owed < 3 then '2'
            when month_so_far.terms_owed < 6 then '3_5'
            else '6_plus'
        end as whole_terms,
        case
            when history.spell_months = 1 then '1'
            when history.spell_months <= 3 then '2_3'
            when history.spell_months <= 6 then '4_6'
            when history.spell_months <= 12 then '7_12'
            else '13_plus'
        end as spell,
        coalesce(at_risk.contact, 'none') as contact,
        case
            when history.terms_owed < 2 then '1'
            when history.terms_owed < 3 then '2'
            when history.terms_owed < 6 then '3_5'
            else '6_plus'
        end as whole_terms_closing,
        ln(month_so_far.terms_owed::double) as terms,
        ln(history.terms_owed::double) as terms_closing,
        (month_so_far.terms_owed - floor(month_so_far.terms_owed))::double as part_term,
        (floor(month_so_far.terms_owed) < floor(history.terms_owed))::integer as term_less,
        (floor(month_so_far.terms_owed) > floor(history.terms_owed))::integer as term_more,
        least(coalesce(month_so_far.paid / nullif(history.net_call, 0), 0), 3)::double as paid_this_month,
        least(greatest(history.terms_change_3, -3), 3)::double as terms_change_3,
        least(greatest(history.terms_change_12, -6), 6)::double as terms_change_12,
        ln(history.spell_months) as spell_length,
        history.owing_months_12,
        history.owing_months_24,
        history.spells_24,
        history.earlier_spell,
        (history.tenure_months < 12)::integer as new_entrant,
        ln(1 + greatest(history.tenure_months, 0)) as tenure_length,
        ln(1 + history.age_months) as age,
        ln(1 + greatest(month_so_far.due_balance, 0)::double) as due_euros,
        (month_so_far.due_balance >= 500)::integer as least_for_plan,
        (history.net_call / 100)::double as net_call,
        coalesce(history.benefit_share, 0) as benefit_share,
        least(coalesce(history.paid_1, 0), 2) as paid_1,
        least(coalesce(history.paid_3, 0), 2) as paid_3,
        least(coalesce(history.paid_6, 0), 2) as paid_6,
        (coalesce(history.paid_1, 0) = 0)::integer as paid_nothing_1,
        history.paid_months_6,
        history.rejections_3,
        history.rejections_12,
        history.direct_debit,
        history.last_letter::varchar as last_letter,
        month_so_far.letter::varchar as letter_this_month,
        month_so_far.letter_days / 10 as letter_days,
        least(history.letter_months, 6) as letter_months,
        case
            when history.latest_letter_months <= 3 then history.latest_letter || ' ' || history.latest_letter_months
            when history.latest_letter_months <= 6 then history.latest_letter || ' 4_6'
            else 'none'
        end as latest_letter,
        case
            when history.interview_months <= 3 then '1_3'
            when history.interview_months <= 6 then '4_6'
            when history.interview_months <= 12 then '7_12'
            when history.interview_months <= 24 then '13_24'
            else 'none'
        end as interview,
        history.interviews_24,
        history.calls_3,
        history.calls_12,
        history.visits_12,
        history.messages_3,
        history.messages_12,
        history.missed_3,
        month_so_far.reached,
        month_so_far.reached_lately,
        month_so_far.missed,
        month_so_far.interviewed,
        month_so_far.messages,
        month_so_far.fund_asked,
        history.promises_12,
        history.refusals_24,
        history.plans_24,
        history.broken_plans_24,
        history.fund_12,
        history.grants_12,
        history.reported,
        history.litigation,
        history.noticed,
        history.summoned,
        month_so_far.plan_running,
        month_so_far.promise_running,
        month_so_far.dispute_running,
        month_so_far.stop_running,
        history.agency_id,
        history.season,
        history.year,
        month_so_far.day / 10 as day,
        history.tenure,
        history.rent_burden,
        history.household_size,
        history.benefit_direct,
        history.income_band
    from at_risk
    inner join history on at_risk.lease_id = history.lease_id and at_risk.month = history.month
    inner join month_so_far on at_risk.lease_id = month_so_far.lease_id and at_risk.on_date = month_so_far.on_date
)
select * from known
