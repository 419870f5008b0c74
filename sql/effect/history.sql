-- One row per lease and month in effect.at_risk: what had happened to the household by the last closing before the month.
-- Actions count from the day on which they were done, situations once known, money on the day on which it counts.
-- grain: lease_id, month
-- per: lease_id
-- columns:
--   lease_id             the lease
--   month                first day of the month
--   closing_on           the last closing before it
--   agency_id            today's agency
--   season               the month of the year, 01 to 12
--   year                 the year
--   tenure_months        months since the lease began
--   tenure               band of that
--   rent_burden          band of rent over income
--   household_size       band of people in the household
--   dwelling_type        T1 to T6
--   benefit_direct       direct where housing benefit is paid to the landlord
--   income_band          band of income as last known; 'unknown' where the landlord does not say
--   direct_debit         1 where a mandate is known
--   net_call             euros that make one term
--   benefit_share        share of the gross call that benefit covers
--   debtor_type          new_entrant, accidental or repeat
--   terms_owed           terms owed at the closing
--   terms_change_3       the same, less terms owed three closings before
--   terms_change_12      the same, less terms owed twelve closings before
--   spell_months         consecutive closings with a whole term owed
--   owing_months_12      of the last twelve closings, those with a whole term owed
--   owing_months_24      of the last twenty-four
--   spells_24            spells begun in the last twenty-four closings
--   earlier_spell        1 where an earlier spell ended within the strategy's window
--   age_months           full months since the due date of the oldest unpaid principal
--   paid_1               payments of the last month, in calls
--   paid_3               payments of the last three months, in calls a month
--   paid_6               payments of the last six months, in calls a month
--   paid_months_6        of the last six months, those with a payment
--   rejections_3         payments rejected in the last three months
--   rejections_12        payments rejected in the last twelve months
--   last_letter          rank of the spell's last letter; 0 where none was sent
--   letter_months        months since the spell's last letter; 0 where none was sent
--   latest_letter        rank of the last letter of the last six months, in this spell or before; 0 where none was sent
--   latest_letter_months  months since that letter; 7 where none was sent
--   interview_months     months since the last interview held, 1 to 24; 25 where none was
--   interviews_24        interviews held in the last twenty-four months
--   calls_3              calls held in the last three months
--   calls_12             calls held in the last twelve months
--   visits_12            visits held in the last twelve months
--   messages_3           messages sent in the last three months
--   messages_12          messages sent in the last twelve months
--   missed_3             contacts attempted in vain in the last three months
--   promises_12          contacts of the last twelve months that led to a promise
--   refusals_24          contacts of the last twenty-four months that met a refusal
--   plans_24             contacts of the last twenty-four months that led to a plan
--   disputes_24          contacts of the last twenty-four months that met a dispute
--   broken_plans_24      plans broken in the last twenty-four months
--   fund_12              requests to the housing solidarity fund in the last twelve months
--   grants_12            grants of the fund in the last twelve months
--   reported             1 where the benefit office was told within the spell
--   litigation           1 where the case was handed over in the last twenty-four months
--   noticed              1 where a notice to pay was served in the last twenty-four months
--   summoned             1 where a summons was served in the last twenty-four months
with setting as (
    select repeat_window_months from strategy.setting
),
at_risk as (
    select distinct lease_id, month, closing_on, agency_id, household_id from effect.at_risk
),
lease as (
    select lease_id, start_on from ledger.lease
),
lease_month as (
    select lease_id, month, closing_on, gross_call, net_call, terms_owed, spell_months, age_months, debtor_type
    from arrears.lease_month
),
mix as (
    select lease_id, month, tenure, rent_burden, household_size, dwelling_type, benefit_direct from kpi.mix
),
household_situation as (
    select household_id, income_band, greatest(valid_from, known_on) as from_day from contract.household_situation
),
lease_terms as (
    select lease_id, direct_debit, greatest(valid_from, known_on) as from_day from contract.lease_terms
),
posting as (
    select lease_id, counts_on, kind, amount
    from ledger.posting
    semi join at_risk on posting.lease_id = at_risk.lease_id
    where kind in ('payment', 'guarantor_payment', 'payment_rejected')
),
action as (
    select
        lease_id,
        action_on,
        kind,
        letter_rank,
        coalesce(contact = 'reached', false) as reached,
        coalesce(contact = 'attempted', false) as missed,
        outcome
    from contract.action
),
plan as (
    select lease_id, ended_on, outcome from contract.plan
),
closed as (
    select
        at_risk.lease_id,
        at_risk.month,
        at_risk.closing_on,
        at_risk.agency_id,
        at_risk.household_id,
        lease.start_on,
        lease_month.gross_call,
        lease_month.net_call,
        lease_month.terms_owed,
        lease_month.spell_months,
        lease_month.age_months,
        lease_month.debtor_type,
        (date_trunc('month', at_risk.closing_on) - to_months(lease_month.spell_months - 1))::date as spell_began
    from at_risk
    inner join lease on at_risk.lease_id = lease.lease_id
    inner join lease_month on at_risk.lease_id = lease_month.lease_id and at_risk.closing_on = lease_month.closing_on
),
before as (
    select
        closed.lease_id,
        closed.month,
        coalesce(max(lease_month.terms_owed) filter (
            where lease_month.month = closed.month - interval 4 month
        ), 0) as terms_owed_3,
        coalesce(max(lease_month.terms_owed) filter (
            where lease_month.month = closed.month - interval 13 month
        ), 0) as terms_owed_12,
        count(*) filter (
            where lease_month.terms_owed >= 1 and lease_month.month >= closed.month - interval 12 month
        ) as owing_months_12,
        count(*) filter (where lease_month.terms_owed >= 1) as owing_months_24,
        count(*) filter (where lease_month.spell_months = 1) as spells_24,
        max(lease_month.month) filter (
            where lease_month.terms_owed >= 1 and lease_month.month < closed.spell_began
        ) as last_owing
    from closed
    inner join lease_month on closed.lease_id = lease_month.lease_id
    where lease_month.closing_on <= closed.closing_on and lease_month.month >= closed.month - interval 24 month
    group by closed.lease_id, closed.month
),
paid_by_month as (
    select
        lease_id,
        date_trunc('month', counts_on)::date as paid_month,
        greatest(-sum(amount), 0) as paid,
        count(*) filter (where kind = 'payment_rejected') as rejections
    from posting
    group by lease_id, date_trunc('month', counts_on)
),
paid as (
    select
        closed.lease_id,
        closed.month,
        coalesce(sum(paid_by_month.paid) filter (where paid_month >= closed.month - interval 1 month), 0) as paid_1,
        coalesce(sum(paid_by_month.paid) filter (where paid_month >= closed.month - interval 3 month), 0) as paid_3,
        coalesce(sum(paid_by_month.paid) filter (where paid_month >= closed.month - interval 6 month), 0) as paid_6,
        count(*) filter (where paid_by_month.paid > 0 and paid_month >= closed.month - interval 6 month) as paid_months_6,
        coalesce(sum(paid_by_month.rejections) filter (where paid_month >= closed.month - interval 3 month), 0) as rejections_3,
        sum(paid_by_month.rejections) as rejections_12
    from closed
    inner join paid_by_month on closed.lease_id = paid_by_month.lease_id
    where paid_by_month.paid_month < closed.month and paid_by_month.paid_month >= closed.month - interval 12 month
    group by closed.lease_id, closed.month
),
done as (
    select
        closed.lease_id,
        closed.month,
        arg_max(action.letter_rank, row(action.action_on, action.letter_rank)) filter (where action.action_on >= spell_began)
            as last_letter,
        max(action.action_on) filter (where action.letter_rank is not null and action.action_on >= spell_began) as last_letter_on,
        arg_max(action.letter_rank, row(action.action_on, action.letter_rank)) filter (
            where action.action_on >= closed.month - interval 6 month
        ) as latest_letter,
        max(action.action_on) filter (
            where action.letter_rank is not null and action.action_on >= closed.month - interval 6 month
        ) as latest_letter_on,
        max(action.action_on) filter (where action.kind = 'interview' and action.reached) as last_interview_on,
        count(*) filter (where action.kind = 'interview' and action.reached) as interviews_24,
        count(*) filter (where action.kind = 'call' and action.reached and action_on >= closed.month - interval 3 month) as calls_3,
        count(*) filter (where action.kind = 'call' and action.reached and action_on >= closed.month - interval 12 month) as calls_12,
        count(*) filter (where action.kind = 'visit' and action.reached and action_on >= closed.month - interval 12 month) as visits_12,
        count(*) filter (where action.kind in ('sms', 'email') and action_on >= closed.month - interval 3 month) as messages_3,
        count(*) filter (where action.kind in ('sms', 'email') and action_on >= closed.month - interval 12 month) as messages_12,
        count(*) filter (where action.missed and action_on >= closed.month - interval 3 month) as missed_3,
        count(*) filter (where action.outcome = 'promise_to_pay' and action_on >= closed.month - interval 12 month) as promises_12,
        count(*) filter (where action.outcome = 'refusal') as refusals_24,
        count(*) filter (where action.outcome = 'plan') as plans_24,
        count(*) filter (where action.outcome = 'dispute') as disputes_24,
        count(*) filter (where action.kind = 'fsl_request' and action_on >= closed.month - interval 12 month) as fund_12,
        count(*) filter (where action.kind = 'fsl_grant' and action_on >= closed.month - interval 12 month) as grants_12,
        bool_or(action.kind = 'caf_report' and action.action_on >= spell_began) as reported,
        bool_or(action.kind = 'handover') as litigation,
        bool_or(action.kind = 'notice_to_pay') as noticed,
        bool_or(action.kind = 'summons') as summoned
    from closed
    inner join action on closed.lease_id = action.lease_id
    where action.action_on < closed.month
        and action.action_on >= closed.month - interval 24 month
    group by closed.lease_id, closed.month
),
broken as (
    select closed.lease_id, closed.month, count(*) as broken_plans_24
    from closed
    inner join plan on closed.lease_id = plan.lease_id
    where plan.outcome = 'broken' and plan.ended_on < closed.month and plan.ended_on >= closed.month - interval 24 month
    group by closed.lease_id, closed.month
),
described as (
    select
        closed.lease_id,
        closed.month,
        closed.closing_on,
        closed.agency_id,
        strftime(closed.month, '%m') as season,
        year(closed.month)::integer as year,
        datediff('month', closed.start_on, closed.month)::integer as tenure_months,
        coalesce(mix.tenure, 'unknown') as tenure,
        coalesce(mix.rent_burden, 'unknown') as rent_burden,
        coalesce(mix.household_size, 'unknown') as household_size,
        coalesce(mix.dwelling_type, 'unknown') as dwelling_type,
        coalesce(mix.benefit_direct, 'unknown') as benefit_direct,
        coalesce(household_situation.income_band::varchar, 'unknown') as income_band,
        coalesce(lease_terms.direct_debit, false)::integer as direct_debit,
        coalesce(closed.net_call, 0) as net_call,
        round(greatest(1 - closed.net_call / nullif(closed.gross_call, 0), 0), 6)::double as benefit_share,
        closed.debtor_type,
        closed.terms_owed,
        (closed.terms_owed - before.terms_owed_3)::decimal(18, 6) as terms_change_3,
        (closed.terms_owed - before.terms_owed_12)::decimal(18, 6) as terms_change_12,
        closed.spell_months,
        before.owing_months_12::integer as owing_months_12,
        before.owing_months_24::integer as owing_months_24,
        before.spells_24::integer as spells_24,
        coalesce(before.last_owing >= closed.spell_began - to_months(setting.repeat_window_months), false)::integer as earlier_spell,
        coalesce(closed.age_months, 0)::integer as age_months,
        round(coalesce(paid.paid_1, 0) / nullif(closed.net_call, 0), 6)::double as paid_1,
        round(coalesce(paid.paid_3, 0) / nullif(3 * closed.net_call, 0), 6)::double as paid_3,
        round(coalesce(paid.paid_6, 0) / nullif(6 * closed.net_call, 0), 6)::double as paid_6,
        coalesce(paid.paid_months_6, 0)::integer as paid_months_6,
        coalesce(paid.rejections_3, 0)::integer as rejections_3,
        coalesce(paid.rejections_12, 0)::integer as rejections_12,
        coalesce(done.last_letter, 0)::integer as last_letter,
        coalesce(datediff('month', done.last_letter_on, closed.month), 0)::integer as letter_months,
        coalesce(done.latest_letter, 0)::integer as latest_letter,
        coalesce(datediff('month', done.latest_letter_on, closed.month), 7)::integer as latest_letter_months,
        coalesce(datediff('month', done.last_interview_on, closed.month), 25)::integer as interview_months,
        coalesce(done.interviews_24, 0)::integer as interviews_24,
        coalesce(done.calls_3, 0)::integer as calls_3,
        coalesce(done.calls_12, 0)::integer as calls_12,
        coalesce(done.visits_12, 0)::integer as visits_12,
        coalesce(done.messages_3, 0)::integer as messages_3,
        coalesce(done.messages_12, 0)::integer as messages_12,
        coalesce(done.missed_3, 0)::integer as missed_3,
        coalesce(done.promises_12, 0)::integer as promises_12,
        coalesce(done.refusals_24, 0)::integer as refusals_24,
        coalesce(done.plans_24, 0)::integer as plans_24,
        coalesce(done.disputes_24, 0)::integer as disputes_24,
        coalesce(broken.broken_plans_24, 0)::integer as broken_plans_24,
        coalesce(done.fund_12, 0)::integer as fund_12,
        coalesce(done.grants_12, 0)::integer as grants_12,
        coalesce(done.reported, false)::integer as reported,
        coalesce(done.litigation, false)::integer as litigation,
        coalesce(done.noticed, false)::integer as noticed,
        coalesce(done.summoned, false)::integer as summoned
    from closed
    cross join setting
    inner join before on closed.lease_id = before.lease_id and closed.month = before.month
    left join paid on closed.lease_id = paid.lease_id and closed.month = paid.month
    left join done on closed.lease_id = done.lease_id and closed.month = done.month
    left join broken on closed.lease_id = broken.lease_id and closed.month = broken.month
    left join mix on closed.lease_id = mix.lease_id and mix.month = date_trunc('month', closed.closing_on)
    asof left join household_situation
        on closed.household_id = household_situation.household_id and closed.closing_on >= household_situation.from_day
    asof left join lease_terms on closed.lease_id = lease_terms.lease_id and closed.closing_on >= lease_terms.from_day
)
select * from described
