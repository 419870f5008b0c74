-- Adds to every month of every credit account what was known then of the accounts numbered up to 2 before and 2 after it.
-- Accounts of neighbouring numbers fall together (31% of those next to one ever in arrears were too, 12% of all): nobody says why;
-- one person may hold several. No figure of such features counts as an account's own history.
-- Grain: account, month.
create or replace table account_month as
with
steps as (
    select unnest([-2, -1, 1, 2]) as step
),

neighbours as (
    select
        account + step as account,
        month,
        count(*) as neighbours_known,
        count(*) filter (in_arrears) as neighbours_in_arrears,
        count(*) filter (status_0 >= 2) as neighbours_billed,
        sum(arrears_12)::double as neighbours_arrears_12,
        sum(arrears_all) / sum(months_observed) as neighbours_arrears_share,
        sum(late_all) / sum(months_observed) as neighbours_late_share
    from account_month
    cross join steps
    group by account + step, month
),

with_neighbours as (
    select
        account_month.*,
        neighbours.* exclude (account, month)
    from account_month
    left join neighbours on neighbours.account = account_month.account and neighbours.month = account_month.month
)

select * from with_neighbours
