-- One row per lettered account and month end: what is lettered and waits, a debt due for its credit or a credit for its debt.
-- The oldest open debt is found by an as-of join on the running maximum of the days on which lettered debts are settled.
-- grain: lease_id, month
-- per: lease_id
-- columns:
--   lease_id          the lease
--   month             first day of the month
--   open              euros lettered whose debt is due and whose credit has not come
--   early             euros lettered whose credit has come and whose debt is not yet due
--   principal_asked   principal lettered that fell due by then
--   terms_owed        the open principal past the grace days, in terms
--   oldest_due_on     due date of the oldest open principal; null when none is
--   oldest_month      its term month
-- checks:
--   open >= 0 and early >= 0 and terms_owed >= 0
with setting as (
    select grace_days from strategy.setting
),
closing as (
    select month, closing_on from arrears.closing
),
lease as (
    select lease_id, start_on from ledger.lease
),
debit as (
    select lease_id, component, due_on, term_month, amount, terms from ledger.debit
),
lettered as (
    select lease_id, component, due_on, received_on, amount from allocation.lettered
),
last_closing as (
    select max(closing_on) as closing_on from closing
),
lettered_lease as (
    select distinct lease_id from lettered
),
spine as (
    select lease.lease_id, closing.month, closing.closing_on
    from lease
    semi join lettered_lease on lease.lease_id = lettered_lease.lease_id
    inner join closing on closing.month >= date_trunc('month', lease.start_on) and closing.closing_on >= lease.start_on
),
first_row as (
    select lease_id, min(month) as month from spine group by lease_id
),
pair as (
    select lease_id, component, due_on, received_on, sum(amount) as amount
    from lettered
    group by lease_id, component, due_on, received_on
),
late as (
    select
        pair.lease_id,
        pair.due_on,
        pair.received_on,
        debit.term_month,
        pair.due_on + setting.grace_days::integer as matures_on,
        round(debit.terms * pair.amount / debit.amount, 9)::decimal(18, 9) as terms
    from pair
    inner join debit
        on pair.lease_id = debit.lease_id and pair.component = debit.component and pair.due_on = debit.due_on
    cross join setting
    where pair.component = 'principal' and pair.received_on > pair.due_on
),
event as (
    select
        lease_id,
        due_on as on_date,
        case when received_on > due_on then amount else 0 end as open,
        case when received_on < due_on then -amount else 0 end as early,
        case when component = 'principal' then amount else 0 end as principal_asked,
        0 as terms_owed
    from pair
    union all
    select
        lease_id,
        received_on as on_date,
        case when received_on > due_on then -amount else 0 end as open,
        case when received_on < due_on then amount else 0 end as early,
        0 as principal_asked,
        0 as terms_owed
    from pair
    where received_on <> due_on
    union all
    select lease_id, matures_on as on_date, 0 as open, 0 as early, 0 as principal_asked, terms as terms_owed
    from late
    where received_on > matures_on
    union all
    select lease_id, received_on as on_date, 0 as open, 0 as early, 0 as principal_asked, -terms as terms_owed
    from late
    where received_on > matures_on
),
placed as (
    select
        event.lease_id,
        greatest(date_trunc('month', event.on_date)::date, first_row.month) as month,
        sum(event.open) as open,
        sum(event.early) as early,
        sum(event.principal_asked) as principal_asked,
        sum(event.terms_owed) as terms_owed
    from event
    inner join first_row on event.lease_id = first_row.lease_id
    where event.on_date <= (select closing_on from last_closing)
    group by 1, 2
),
running as (
    select
        spine.lease_id,
        spine.month,
        spine.closing_on,
        coalesce(sum(placed.open) over so_far, 0)::decimal(14, 2) as open,
        coalesce(sum(placed.early) over so_far, 0)::decimal(14, 2) as early,
        coalesce(sum(placed.principal_asked) over so_far, 0)::decimal(14, 2) as principal_asked,
        coalesce(sum(placed.terms_owed) over so_far, 0)::decimal(18, 9) as terms_owed
    from spine
    left join placed on spine.lease_id = placed.lease_id and spine.month = placed.month
    window so_far as (partition by spine.lease_id order by spine.month)
),
settled as (
    select lease_id, due_on, min(term_month) as term_month, max(received_on) as settled_on
    from late
    group by lease_id, due_on
),
frontier as (
    select
        lease_id,
        due_on,
        term_month,
        settled_on,
        max(settled_on) over (partition by lease_id order by due_on rows between unbounded preceding and 1 preceding)
            as settled_before
    from settled
),
later_than_all_before as (
    select lease_id, due_on, term_month, settled_on
    from frontier
    where settled_before is null or settled_on > settled_before
),
oldest as (
    select running.lease_id, running.month, later_than_all_before.due_on, later_than_all_before.term_month
    from running
    asof inner join later_than_all_before
        on running.lease_id = later_than_all_before.lease_id and running.closing_on < later_than_all_before.settled_on
    where later_than_all_before.due_on <= running.closing_on
),
told as (
    select
        running.lease_id,
        running.month,
        running.open,
        running.early,
        running.principal_asked,
        running.terms_owed,
        oldest.due_on as oldest_due_on,
        oldest.term_month as oldest_month
    from running
    left join oldest on running.lease_id = oldest.lease_id and running.month = oldest.month
)
select * from told
