-- One row per present residential lease and closed month: its bands, and what agencies are compared on.
-- The month under way is not here.
-- grain: lease_id, month
-- per: lease_id
-- kind: view
-- columns:
--   lease_id         the lease
--   month            the month
--   household_id     the household
--   agency_id        today's agency
--   tenure           band, see kpi.mix
--   rent_burden      band, see kpi.mix
--   household_size   band, see kpi.mix
--   dwelling_type    band, see kpi.mix
--   benefit_direct   band, see kpi.mix
--   share_1_term     1 where at least one whole term is owed, else 0
--   share_2_terms    1 where at least two are
--   share_3_terms    1 where at least three are
--   share_12_months  1 where the oldest unpaid term is twelve full months old or older
--   share_late       1 where the due balance is above the strategy's arrears.late_euros
--   onset_rate       1 where a whole term is owed and none was a month before; null where one was, and in the ledger's first month
with setting as (
    select late_euros from strategy.setting
),
mix as (
    select
        lease_id, month, household_id, agency_id, tenure, rent_burden, household_size, dwelling_type, benefit_direct
    from kpi.mix
),
lease_month as (
    select lease_id, month, is_partial, terms_owed, due_balance, age_months
    from arrears.lease_month
    where use = 'residential'
),
closing as (
    select min(month) as first_month from arrears.closing
),
compared as (
    select
        mix.lease_id,
        mix.month,
        mix.household_id,
        mix.agency_id,
        mix.tenure,
        mix.rent_burden,
        mix.household_size,
        mix.dwelling_type,
        mix.benefit_direct,
        (lease_month.terms_owed >= 1)::utinyint as share_1_term,
        (lease_month.terms_owed >= 2)::utinyint as share_2_terms,
        (lease_month.terms_owed >= 3)::utinyint as share_3_terms,
        coalesce(lease_month.age_months >= 12, false)::utinyint as share_12_months,
        (lease_month.due_balance > setting.late_euros)::utinyint as share_late,
        case
            when before.terms_owed >= 1 or mix.month = closing.first_month then null
            else (lease_month.terms_owed >= 1)::utinyint
        end as onset_rate
    from mix
    inner join lease_month on mix.lease_id = lease_month.lease_id and mix.month = lease_month.month
    cross join setting
    cross join closing
    left join lease_month as before
        on mix.lease_id = before.lease_id and (mix.month - interval 1 month)::date = before.month
    where not lease_month.is_partial
)
select * from compared
