-- One row per thing that the law or the procedure counts of a residential lease, on the day on which it counts, and whether it was as
-- it should be. Of a report to the benefit office (caf_report), its last day, and whether it was made by then; where the debt was
-- cleared before, none was needed. Of a summons: itself; whether the commission was seized long enough before, or the benefit
-- office told where that stands for it (ccapex); whether a notice to pay left the time of the rule, or of the lease's clause (notice_delay).
-- Of an eviction, whether it was outside the winter truce. Of a new tenant, the last day of the social diagnosis and whether it
-- was made by then (diagnosis); who has left before needs none. The rules stand in the strategy (rules, procedure).
-- grain: subject, lease_id, counts_on
-- per: lease_id
-- columns:
--   subject    what is counted
--   lease_id   the lease
--   counts_on  the day on which it counts
--   agency_id  today's agency
--   month      the month of that day
--   is_good    whether it was as it should be; null where the act is only counted
-- checks:
--   subject in ('caf_report', 'ccapex', 'notice', 'notice_delay', 'summons', 'eviction', 'fsl_request', 'fsl_grant', 'protocol', 'diagnosis')
with night as (
    select as_of from strategy.night
),
procedure as (
    select move_in_days from strategy.procedure
),
ccapex_rule as (
    select
        coalesce(from_on, date '0001-01-01') as from_on,
        coalesce(to_on, date '9999-12-31') as to_on,
        months_before_summons,
        caf_report_counts
    from strategy.ccapex_rule
),
notice_rule as (
    select
        coalesce(leases_from, date '0001-01-01') as leases_from,
        coalesce(leases_to, date '9999-12-31') as leases_to,
        weeks,
        months
    from strategy.notice_rule
),
winter_truce as (
    select
        coalesce(from_on, date '0001-01-01') as from_on,
        coalesce(to_on, date '9999-12-31') as to_on,
        first_day,
        last_day
    from strategy.winter_truce
),
closing as (
    select min(month) as first_month from arrears.closing
),
lease as (
    select lease_id, agency_id, start_on, end_on from ledger.lease where use = 'residential'
),
clause as (
    select id as lease_id, notice_clause_days from contract.lease
),
action as (
    select lease_id, agency_id, action_on, kind from conduct.action
),
caf_report as (
    select lease_id, agency_id, report_by, is_on_time from conduct.caf_report where not is_lapsed
),
lease_hold as (
    select lease_id, from_on
    from contract.lease_hold
    where kind = 'social_cohesion_protocol' and coalesce(known_on, from_on) <= (select as_of from night)
),
summons as (
    select distinct lease_id, agency_id, action_on from action where kind = 'summons'
),
notice as (
    select lease_id, action_on from action where kind = 'notice_to_pay'
),
referred as (
    select
        summons.lease_id,
        summons.action_on,
        bool_or(
            action.action_on + to_months(ccapex_rule.months_before_summons) <= summons.action_on
            and (action.kind = 'ccapex_referral' or ccapex_rule.caf_report_counts)
        ) as is_good
    from summons
    inner join ccapex_rule on summons.action_on >= ccapex_rule.from_on and summons.action_on <= ccapex_rule.to_on
    left join action
        on summons.lease_id = action.lease_id
        and action.action_on <= summons.action_on
        and action.kind in ('ccapex_referral', 'caf_report')
    group by summons.lease_id, summons.action_on
),
noticed as (
    select
        summons.lease_id,
        summons.action_on,
        bool_or(
            greatest(
                notice.action_on + to_months(notice_rule.months) + to_days(7 * notice_rule.weeks),
                notice.action_on + to_days(coalesce(clause.notice_clause_days, 0)::integer)
            ) <= summons.action_on
        ) as is_good
    from summons
    inner join lease on summons.lease_id = lease.lease_id
    inner join clause on summons.lease_id = clause.lease_id
    inner join notice_rule on lease.start_on >= notice_rule.leases_from and lease.start_on <= notice_rule.leases_to
    left join notice on summons.lease_id = notice.lease_id and notice.action_on <= summons.action_on
    group by summons.lease_id, summons.action_on
),
evicted as (
    select distinct lease_id, action_on from action where kind = 'eviction'
),
in_truce as (
    select distinct evicted.lease_id, evicted.action_on
    from evicted
    inner join winter_truce on evicted.action_on >= winter_truce.from_on and evicted.action_on <= winter_truce.to_on
    where
        case
            when winter_truce.first_day <= winter_truce.last_day
                then strftime(evicted.action_on, '%m-%d') between winter_truce.first_day and winter_truce.last_day
            else
                strftime(evicted.action_on, '%m-%d') >= winter_truce.first_day
                or strftime(evicted.action_on, '%m-%d') <= winter_truce.last_day
        end
),
moved_in as (
    select lease.lease_id, lease.start_on, lease.start_on + procedure.move_in_days as diagnosis_by
    from lease
    cross join procedure
    cross join night
    cross join closing
    where
        lease.start_on >= closing.first_month
        and lease.start_on + procedure.move_in_days <= night.as_of
        and (lease.end_on is null or lease.end_on >= lease.start_on + procedure.move_in_days)
),
diagnosed as (
    select moved_in.lease_id, moved_in.diagnosis_by, count(action.lease_id) > 0 as is_good
    from moved_in
    left join action
        on moved_in.lease_id = action.lease_id
        and action.kind = 'move_in_diagnosis'
        and action.action_on <= moved_in.diagnosis_by
    group by moved_in.lease_id, moved_in.diagnosis_by
),
told as (
    select 'caf_report' as subject, lease_id, report_by as counts_on, is_on_time as is_good
    from caf_report
    where report_by <= (select as_of from night)
    union all
    select 'ccapex' as subject, lease_id, action_on as counts_on, coalesce(is_good, false) as is_good
    from referred
    union all
    select 'notice_delay' as subject, lease_id, action_on as counts_on, coalesce(is_good, false) as is_good
    from noticed
    union all
    select distinct 'notice' as subject, lease_id, action_on as counts_on, null::boolean as is_good
    from notice
    union all
    select 'summons' as subject, lease_id, action_on as counts_on, null::boolean as is_good
    from summons
    union all
    select 'eviction' as subject, evicted.lease_id, evicted.action_on as counts_on, in_truce.lease_id is null as is_good
    from evicted
    left join in_truce on evicted.lease_id = in_truce.lease_id and evicted.action_on = in_truce.action_on
    union all
    select distinct kind as subject, lease_id, action_on as counts_on, null::boolean as is_good
    from action
    where kind in ('fsl_request', 'fsl_grant')
    union all
    select distinct 'protocol' as subject, lease_hold.lease_id, lease_hold.from_on as counts_on, null::boolean as is_good
    from lease_hold
    where lease_hold.from_on <= (select as_of from night)
    union all
    select 'diagnosis' as subject, lease_id, diagnosis_by as counts_on, is_good
    from diagnosed
),
placed as (
    select
        told.subject,
        told.lease_id,
        told.counts_on,
        lease.agency_id,
        date_trunc('month', told.counts_on)::date as month,
        told.is_good
    from told
    inner join lease on told.lease_id = lease.lease_id
)
select * from placed
