-- One row per time in which a household with housing benefit owed something without a break, and the benefit office had to be told: the debt
-- reached the limit of the rule in force (strategy, rules.caf_report) and stayed there longer than the grace days, or the first default
-- was older than the rule allows. Whether a household has benefit is read from its ledger, from some months before it owed
-- something: housing benefit where it is paid to the landlord, a rent rebate alone where it is paid to the tenant. Times that had begun by the first closing are left out.
-- grain: lease_id, constituted_on
-- per: lease_id
-- columns:
--   lease_id        the lease
--   constituted_on  the day on which the arrears were constituted: the clock starts
--   agency_id       today's agency
--   owing_since     the first day of the time in which something was owed
--   cleared_on      the first day on which nothing was owed any more; far in the future while something is
--   report_by       the last day for the report
--   reported_on     the day of the first report since something was owed; null where there was none
--   is_on_time      whether it was made in time
--   is_lapsed       whether nothing was owed any more before the last day, and no report had been made
-- checks:
--   constituted_on >= owing_since and report_by >= constituted_on
--   not (is_on_time and is_lapsed)
with night as (
    select as_of from strategy.night
),
setting as (
    select grace_days from strategy.setting
),
procedure as (
    select benefit_months from strategy.procedure
),
caf_rule as (
    select
        coalesce(from_on, date '0001-01-01') as from_on,
        coalesce(to_on, date '9999-12-31') as to_on,
        monthly_calls,
        euros_above,
        months_unpaid,
        report_months
    from strategy.caf_rule
),
closing as (
    select min(closing_on) as first_closing_on from arrears.closing
),
lease as (
    select lease_id, agency_id from ledger.lease where use = 'residential'
),
posting as (
    select lease_id, counts_on, kind
    from ledger.posting
    where kind in ('housing_benefit', 'rent_rebate') and amount < 0
),
call as (
    select lease_id, due_on, gross_call, term from ledger.call
),
balance as (
    select lease_id, on_date, until_on, due_balance from conduct.balance
),
component_due as (
    select lease_id, on_date, fee_due + court_cost_due as beside_principal from arrears.component_due
),
action as (
    select lease_id, action_on from conduct.action where kind = 'caf_report'
),
benefit as (
    select lease_id, date_trunc('month', counts_on)::date as month, bool_or(kind = 'housing_benefit') as is_direct
    from posting
    group by 1, 2
),
least_call as (
    select lease_id, min(term) as term from call group by lease_id
),
most_owed as (
    select lease_id, max(due_balance) as due_balance from balance group by lease_id
),
in_reach as (
    select distinct most_owed.lease_id
    from most_owed
    semi join benefit on most_owed.lease_id = benefit.lease_id
    inner join least_call on most_owed.lease_id = least_call.lease_id
    cross join night
    inner join caf_rule on caf_rule.from_on <= night.as_of
    where
        caf_rule.months_unpaid is not null
        or most_owed.due_balance >= caf_rule.monthly_calls * least_call.term
        or most_owed.due_balance > caf_rule.euros_above
),
in_time as (
    select
        balance.lease_id,
        balance.on_date,
        balance.until_on,
        balance.due_balance,
        count(*) filter (where balance.due_balance <= 0) over (partition by balance.lease_id order by balance.on_date) as time_number
    from balance
    semi join in_reach on balance.lease_id = in_reach.lease_id
),
owing_time as (
    select lease_id, time_number, min(on_date) as owing_since, max(until_on) as cleared_on
    from in_time
    where due_balance > 0
    group by lease_id, time_number
),
principal as (
    select
        in_time.lease_id,
        in_time.time_number,
        in_time.on_date,
        in_time.until_on,
        in_time.due_balance - coalesce(component_due.beside_principal, 0) as debt
    from in_time
    asof left join component_due on in_time.lease_id = component_due.lease_id and in_time.on_date >= component_due.on_date
    where in_time.due_balance > 0
),
ruled as (
    select
        principal.lease_id,
        principal.time_number,
        greatest(principal.on_date, caf_rule.from_on) as on_date,
        least(principal.until_on, caf_rule.to_on + 1) as until_on,
        principal.debt,
        caf_rule.monthly_calls,
        caf_rule.euros_above
    from principal
    inner join least_call on principal.lease_id = least_call.lease_id
    inner join caf_rule on principal.until_on > caf_rule.from_on and principal.on_date <= caf_rule.to_on
    where principal.debt >= caf_rule.monthly_calls * least_call.term or principal.debt > caf_rule.euros_above
),
with_benefit as (
    select ruled.*, benefit.is_direct, benefit.month as benefit_month
    from ruled
    asof inner join benefit on ruled.lease_id = benefit.lease_id and ruled.on_date >= benefit.month
),
with_call as (
    select with_benefit.*, case when with_benefit.is_direct then call.term else call.gross_call end as monthly_call
    from with_benefit
    asof inner join call on with_benefit.lease_id = call.lease_id and with_benefit.on_date >= call.due_on
),
over_limit as (
    select with_call.lease_id, with_call.time_number, with_call.on_date, with_call.until_on
    from with_call
    inner join owing_time on with_call.lease_id = owing_time.lease_id and with_call.time_number = owing_time.time_number
    cross join procedure
    where
        with_call.benefit_month > owing_time.owing_since - to_months(procedure.benefit_months)
        and (with_call.debt >= with_call.monthly_calls * with_call.monthly_call or with_call.debt > with_call.euros_above)
),
begun as (
    select
        *,
        coalesce(on_date > lag(until_on) over (partition by lease_id, time_number order by on_date), true) as is_beginning
    from over_limit
),
stretch as (
    select *, count(*) filter (where is_beginning) over (partition by lease_id, time_number order by on_date) as stretch_number
    from begun
),
lasting as (
    select lease_id, time_number, stretch_number, min(on_date) as from_on, max(until_on) as until_on
    from stretch
    group by lease_id, time_number, stretch_number
),
by_amount as (
    select lasting.lease_id, lasting.time_number, min(lasting.from_on) as constituted_on
    from lasting
    cross join setting
    cross join night
    where least(lasting.until_on, night.as_of + 1) - lasting.from_on > setting.grace_days::integer
    group by lasting.lease_id, lasting.time_number
),
by_age as (
    select
        owing_time.lease_id,
        owing_time.time_number,
        owing_time.owing_since,
        min(greatest((owing_time.owing_since + to_months(caf_rule.months_unpaid))::date, caf_rule.from_on)) as constituted_on
    from owing_time
    inner join caf_rule
        on owing_time.owing_since + to_months(caf_rule.months_unpaid) <= caf_rule.to_on
        and owing_time.cleared_on > greatest(owing_time.owing_since + to_months(caf_rule.months_unpaid), caf_rule.from_on)
    where caf_rule.months_unpaid is not null
    group by owing_time.lease_id, owing_time.time_number, owing_time.owing_since
),
aged as (
    select by_age.lease_id, by_age.time_number, by_age.constituted_on
    from by_age
    cross join procedure
    asof inner join benefit on by_age.lease_id = benefit.lease_id and by_age.constituted_on >= benefit.month
    where benefit.month > by_age.owing_since - to_months(procedure.benefit_months)
),
constituted as (
    select lease_id, time_number, min(constituted_on) as constituted_on
    from (select * from by_amount union all select * from aged) as either
    where constituted_on <= (select as_of from night)
    group by lease_id, time_number
),
clocked as (
    select
        constituted.lease_id,
        constituted.constituted_on,
        lease.agency_id,
        owing_time.owing_since,
        owing_time.cleared_on,
        (constituted.constituted_on + to_months(caf_rule.report_months))::date as report_by
    from constituted
    inner join lease on constituted.lease_id = lease.lease_id
    inner join owing_time
        on constituted.lease_id = owing_time.lease_id and constituted.time_number = owing_time.time_number
    inner join caf_rule on constituted.constituted_on >= caf_rule.from_on and constituted.constituted_on <= caf_rule.to_on
    cross join closing
    where owing_time.owing_since > closing.first_closing_on
),
reported as (
    select clocked.lease_id, clocked.constituted_on, min(action.action_on) as reported_on
    from clocked
    inner join action
        on clocked.lease_id = action.lease_id
        and action.action_on >= clocked.owing_since
        and action.action_on < clocked.cleared_on
    group by clocked.lease_id, clocked.constituted_on
),
judged as (
    select
        clocked.lease_id,
        clocked.constituted_on,
        clocked.agency_id,
        clocked.owing_since,
        clocked.cleared_on,
        clocked.report_by,
        reported.reported_on,
        coalesce(reported.reported_on <= clocked.report_by, false) as is_on_time,
        reported.reported_on is null and clocked.cleared_on <= clocked.report_by as is_lapsed
    from clocked
    left join reported on clocked.lease_id = reported.lease_id and clocked.constituted_on = reported.constituted_on
)
select * from judged
