-- Every month of every credit account, with what was known at its end and what came in the 3 months after.
-- Grain: account, month. An account's months have no gaps (counted: none in 45,985 accounts).
-- status: 0 empty (no loan that month), 1 paid off, 2 billed and paid within 30 days, 3 to 7 in arrears of 1 to 5 months.
-- eligible: not in arrears, and at least one of the 3 months after is known. outcome: arrears in one of them.
create table account_month as
with
statuses as (
    select
        id as account,
        months_balance as month,
        case status
            when 'X' then 0
            when 'C' then 1
            else 2 + status::integer
        end as status,
        status in ('0', '1', '2', '3', '4', '5') as is_late,
        status in ('1', '2', '3', '4', '5') as in_arrears
    from credit_record
),

changes as (
    select
        *,
        least(status, 3) as state,
        least(status, 3) is distinct from lag(least(status, 3)) over account as is_change,
        in_arrears and not coalesce(lag(in_arrears) over account, false) as is_onset,
        is_late and coalesce(lag(status) over account = 0, false) as is_reopened,
        coalesce(lag(status) over account = 2, false) as was_billed,
        in_arrears and coalesce(lag(status) over account = 2, false) as is_fall
    from statuses
    window account as (partition by account order by month)
),

runs as (
    select
        *,
        month + 1 - max(case when is_change then month end) over account as run,
        sum(is_onset::integer) over account as spells
    from changes
    window account as (partition by account order by month rows between unbounded preceding and current row)
),

before_runs as (
    select
        *,
        lag(state) over account as state_before,
        lag(run) over account as run_before
    from runs
    window account as (partition by account order by month)
),

second_runs as (
    select
        *,
        last_value(case when is_change then state_before end ignore nulls) over account as state_2,
        last_value(case when is_change then run_before end ignore nulls) over account as run_2
    from before_runs
    window account as (partition by account order by month rows between unbounded preceding and current row)
),

before_second_runs as (
    select
        *,
        lag(state_2) over account as state_2_before,
        lag(run_2) over account as run_2_before
    from second_runs
    window account as (partition by account order by month)
),

third_runs as (
    select
        *,
        last_value(case when is_change then state_2_before end ignore nulls) over account as state_3,
        last_value(case when is_change then run_2_before end ignore nulls) over account as run_3
    from before_second_runs
    window account as (partition by account order by month rows between unbounded preceding and current row)
),

falls as (
    select
        month,
        sum(count(*) filter (is_fall)) over last_3 / sum(count(*) filter (was_billed)) over last_3 as fall_rate
    from changes
    group by month
    window last_3 as (order by month rows between 2 preceding and current row)
),

histories as (
    select
        account,
        month,
        in_arrears,
        not in_arrears and count(*) over after > 0 as eligible,
        coalesce(bool_or(in_arrears) over after, false) as outcome,
        is_onset,
        status as status_0,
        lag(status, 1) over account as status_1,
        lag(status, 2) over account as status_2,
        lag(status, 3) over account as status_3,
        lag(status, 4) over account as status_4,
        lag(status, 5) over account as status_5,
        lag(status, 6) over account as status_6,
        lag(status, 7) over account as status_7,
        lag(status, 8) over account as status_8,
        lag(status, 9) over account as status_9,
        lag(status, 10) over account as status_10,
        lag(status, 11) over account as status_11,
        count(*) over past as months_observed,
        month - min(month) over past as tenure,
        count(*) filter (is_late) over last_3 as late_3,
        count(*) filter (is_late) over last_6 as late_6,
        count(*) filter (is_late) over last_12 as late_12,
        count(*) filter (is_late) over past as late_all,
        count(*) filter (in_arrears) over last_3 as arrears_3,
        count(*) filter (in_arrears) over last_6 as arrears_6,
        count(*) filter (in_arrears) over last_12 as arrears_12,
        count(*) filter (in_arrears) over past as arrears_all,
        month - max(month) filter (in_arrears) over past as since_arrears,
        month - max(month) filter (is_late) over past as since_late,
        run as run_1,
        state_2,
        run_2,
        state_3,
        run_3,
        count(*) filter (is_reopened) over past as reopened,
        first_value(status) over past as first_status,
        count(*) filter (is_late) over past / count(*) over past as late_share,
        count(*) filter (status = 0) over past / count(*) over past as empty_share,
        (spells + 0.05) / (count(*) filter (status = 2) over past + 1) as spells_per_billed,
        sum(in_arrears::integer * pow(2, month / 8.0)) over past / sum(pow(2, month / 8.0)) over past as arrears_share_8
    from third_runs
    window
        account as (partition by account order by month),
        past as (partition by account order by month rows between unbounded preceding and current row),
        last_3 as (partition by account order by month rows between 2 preceding and current row),
        last_6 as (partition by account order by month rows between 5 preceding and current row),
        last_12 as (partition by account order by month rows between 11 preceding and current row),
        after as (partition by account order by month rows between 1 following and 3 following)
),

-- Some figures once more for billed accounts alone: these run another risk than empty ones.
of_billed as (
    select
        account,
        month,
        columns(lambda name: name in (
            'run_1', 'state_2', 'run_2', 'tenure', 'late_share', 'arrears_12', 'arrears_all', 'since_arrears', 'spells_per_billed',
            'arrears_share_8', 'reopened', 'empty_share'
        )) as "\0_if_billed"
    from histories
    where status_0 = 2
),

with_falls as (
    select
        histories.*,
        of_billed.* exclude (account, month),
        falls.fall_rate
    from histories
    left join of_billed on of_billed.account = histories.account and of_billed.month = histories.month
    left join falls on falls.month = histories.month
)

select * from with_falls
