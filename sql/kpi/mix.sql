-- One row per present residential lease and closing: what tells households apart when agencies are compared.
-- An attribute counts as it was known at the closing: valid and known by that day, the latest valid one first. Nothing is
-- carried back to before it was first known: 'unknown' stands there. Bands and their words: strategy.comparison_band.
-- grain: lease_id, month
-- per: lease_id
-- columns:
--   lease_id        the lease
--   month           the month
--   household_id    the household
--   agency_id       today's agency
--   tenure          band of years since the lease began, in full months
--   rent_burden     band of the last net call over the monthly income, in percent
--   household_size  band of people in the household
--   dwelling_type   T1 to T6
--   benefit_direct  direct where housing benefit is paid to the landlord, not_direct where not
-- checks:
--   tenure is not null and rent_burden is not null and household_size is not null
--   dwelling_type is not null and benefit_direct is not null
with lease_month as (
    select lease_id, month, closing_on, agency_id
    from arrears.lease_month
    where use = 'residential' and status = 'present'
),
lease as (
    select lease_id, household_id, dwelling_id, start_on from ledger.lease where use = 'residential'
),
dwelling as (
    select id, type from contract.dwelling
),
call as (
    select lease_id, term_month, net_call from ledger.call
),
household_situation as (
    select household_id, valid_from, known_on, size, reference_income from contract.household_situation
),
lease_terms as (
    select lease_id, valid_from, known_on, benefit_to_landlord from contract.lease_terms
),
band as (
    select dimension, band, from_value, to_value from strategy.comparison_band
),
situation as (
    select
        household_id,
        greatest(valid_from, known_on) as from_day,
        max(row(valid_from, known_on, size, reference_income)) over so_far as latest
    from household_situation
    window so_far as (partition by household_id order by greatest(valid_from, known_on))
),
household_from as (
    select
        household_id,
        from_day,
        coalesce(lead(from_day) over (partition by household_id order by from_day), date '9999-12-31') as until_day,
        latest[3] as size,
        latest[4] / 12.0 as monthly_income
    from (select distinct household_id, from_day, latest from situation) as known
),
terms as (
    select
        lease_id,
        greatest(valid_from, known_on) as from_day,
        max(row(valid_from, known_on, benefit_to_landlord)) over so_far as latest
    from lease_terms
    window so_far as (partition by lease_id order by greatest(valid_from, known_on))
),
terms_from as (
    select
        lease_id,
        from_day,
        coalesce(lead(from_day) over (partition by lease_id order by from_day), date '9999-12-31') as until_day,
        latest[3] as benefit_to_landlord
    from (select distinct lease_id, from_day, latest from terms) as known
),
not_called as (
    select lease_month.lease_id, lease_month.month
    from lease_month
    anti join call on lease_month.lease_id = call.lease_id and lease_month.month = call.term_month
),
call_before as (
    select call.* from call semi join not_called on call.lease_id = not_called.lease_id
),
net_call as (
    select lease_id, term_month as month, net_call from call
    union all
    select not_called.lease_id, not_called.month, call_before.net_call
    from not_called
    asof inner join call_before on not_called.lease_id = call_before.lease_id and not_called.month >= call_before.term_month
),
band_from as (
    select dimension, band, from_value, lead(from_value) over (partition by dimension order by from_value) as next_value
    from band
    where from_value is not null
),
described as (
    select
        lease_month.lease_id,
        lease_month.month,
        lease.household_id,
        lease_month.agency_id,
        datesub('month', lease.start_on, lease_month.closing_on) / 12.0 as tenure_years,
        100 * net_call.net_call / nullif(household_from.monthly_income, 0) as burden_percent,
        household_from.size,
        coalesce(dwelling.type, 'unknown') as dwelling_type,
        case
            when terms_from.benefit_to_landlord then 'direct'
            when not terms_from.benefit_to_landlord then 'not_direct'
            else 'unknown'
        end as benefit_direct
    from lease_month
    inner join lease on lease_month.lease_id = lease.lease_id
    left join dwelling on lease.dwelling_id = dwelling.id
    left join net_call on lease_month.lease_id = net_call.lease_id and lease_month.month = net_call.month
    left join household_from
        on lease.household_id = household_from.household_id
        and lease_month.closing_on >= household_from.from_day
        and lease_month.closing_on < household_from.until_day
    left join terms_from
        on lease_month.lease_id = terms_from.lease_id
        and lease_month.closing_on >= terms_from.from_day
        and lease_month.closing_on < terms_from.until_day
),
banded as (
    select
        described.lease_id,
        described.month,
        described.household_id,
        described.agency_id,
        coalesce(tenure.band, 'unknown') as tenure,
        coalesce(rent_burden.band, 'unknown') as rent_burden,
        coalesce(household_size.band, 'unknown') as household_size,
        described.dwelling_type,
        described.benefit_direct
    from described
    left join (select band, from_value, next_value from band_from where dimension = 'tenure') as tenure
        on described.tenure_years >= tenure.from_value
        and (described.tenure_years < tenure.next_value or tenure.next_value is null)
    left join (select band, from_value, next_value from band_from where dimension = 'rent_burden') as rent_burden
        on described.burden_percent >= rent_burden.from_value
        and (described.burden_percent < rent_burden.next_value or rent_burden.next_value is null)
    left join (select band, from_value, next_value from band_from where dimension = 'household_size') as household_size
        on described.size >= household_size.from_value
        and (described.size < household_size.next_value or household_size.next_value is null)
)
select * from banded
