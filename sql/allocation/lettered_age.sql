-- The euros of lettered debts that are due and wait for their credit, by age at each month end: what comes in and what goes
-- out of each bucket, summed month after month. A bucket has a row only for the months in which it holds something. Empty
-- unless arrears follow the books.
-- grain: lease_id, component, month, bucket
-- per: lease_id
-- columns:
--   lease_id   the lease
--   component  principal, fee or court_cost
--   month      first day of the month
--   bucket     ageing bucket, by full months since the due date
--   amount     euros
-- checks:
--   amount > 0
with chosen as (
    select way from allocation.policy where is_chosen
),
closing as (
    select month, closing_on, is_partial from arrears.closing
),
ageing_bucket as (
    select bucket, from_months, to_months from arrears.ageing_bucket
),
lettered as (
    select lease_id, component, due_on, received_on, amount
    from allocation.lettered
    where received_on > due_on
),
bounds as (
    select
        min(month) as first_month,
        max(month) as last_month,
        max(closing_on) as last_closing_on,
        max(closing_on) filter (where is_partial) as partial_on
    from closing
),
late as (
    select lettered.lease_id, lettered.component, lettered.due_on, lettered.received_on, sum(lettered.amount) as amount
    from lettered
    inner join chosen on chosen.way = 'as_booked'
    group by lettered.lease_id, lettered.component, lettered.due_on, lettered.received_on
),
stay as (
    select
        late.lease_id,
        late.component,
        ageing_bucket.bucket,
        late.amount,
        late.due_on,
        ageing_bucket.from_months,
        ageing_bucket.to_months,
        (date_trunc('month', late.due_on) + to_months(ageing_bucket.from_months))::date as enters,
        (date_trunc('month', late.due_on) + to_months(ageing_bucket.to_months))::date as grows_out,
        date_trunc('month', late.received_on)::date as settled,
        late.received_on > bounds.last_closing_on as is_settled_later,
        bounds.first_month,
        bounds.last_month,
        bounds.partial_on
    from late
    cross join bounds
    cross join ageing_bucket
    where date_trunc('month', late.due_on) + to_months(ageing_bucket.from_months) <= date_trunc('month', late.received_on)
),
dated as (
    select
        lease_id,
        component,
        bucket,
        amount,
        first_month,
        last_month,
        case
            when enters = date_trunc('month', partial_on) and due_on > partial_on - to_months(from_months) then null
            else enters
        end as enters,
        case when is_settled_later then null else settled end as settled,
        case
            when grows_out = date_trunc('month', partial_on) and due_on > partial_on - to_months(to_months) then null
            else grows_out
        end as grows_out
    from stay
),
shown as (
    select
        lease_id,
        component,
        bucket,
        amount,
        last_month,
        greatest(enters, first_month) as enters,
        coalesce(least(settled, grows_out), (last_month + to_months(1))::date) as leaves
    from dated
    where enters <= last_month
),
event as (
    select lease_id, component, bucket, enters as month, amount, last_month from shown where enters < leaves
    union all
    select lease_id, component, bucket, leaves as month, -amount as amount, last_month from shown where enters < leaves
),
by_month as (
    select lease_id, component, bucket, month, last_month, sum(amount) as amount
    from event
    group by lease_id, component, bucket, month, last_month
),
held as (
    select
        lease_id,
        component,
        bucket,
        month,
        sum(amount) over so_far::decimal(14, 2) as amount,
        least(coalesce((lead(month) over so_far - to_months(1))::date, last_month), last_month) as until_month
    from by_month
    window so_far as (partition by lease_id, component, bucket order by month)
),
each_month as (
    select
        lease_id,
        component,
        unnest(generate_series(month, until_month, interval 1 month))::date as month,
        bucket,
        amount
    from held
    where amount > 0 and month <= until_month
)
select * from each_month
