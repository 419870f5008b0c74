-- Gap in euros between the ledger and the landlord's own balances of leases. Where the landlord gives none, or receipts that
-- wait for their lease may explain a gap, the figure is null: « non vérifié », never 0.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  reconciliation_gap
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month of the as-of date
--   is_partial    false: the figure stands on a day, not on a month
--   numerator     always null: the figure is an amount
--   denominator   leases whose balance could be verified
--   volume        the denominator
--   cases         not used here: the figure counts no household
--   base_cases    not used here
--   value         gaps of the leases verified, each by its size, euros; null where none could be
--   leases        leases with entries or a balance of the landlord's
-- checks:
--   value >= 0
--   (value is null) = (denominator = 0)
-- indicators:
--   reconciliation_gap:
--     family: freshness
--     position: 93
--     label_fr: Écart avec les soldes du bailleur
--     unit: euros
--     good_direction: down
--     perimeter: both
--     formula_fr: "somme des écarts, bail par bail et sans compensation, entre les écritures et le dernier solde que le bailleur en donne. Sans solde du bailleur : « non vérifié »"
with night as (
    select as_of from strategy.night
),
reconciliation as (
    select subject as lease_id, on_date, gap, status
    from load.reconciliation
    where kind = 'lease_balance'
),
lease as (
    select lease_id, agency_id from ledger.lease
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
newest as (
    select
        lease_id,
        arg_max(case when status <> 'not_verified' then abs(gap) end, coalesce(on_date, date '0001-01-01')) as gap,
        arg_max(status, coalesce(on_date, date '0001-01-01')) <> 'not_verified' as is_verified
    from reconciliation
    group by lease_id
),
by_agency as (
    select
        lease.agency_id,
        count(*) as leases,
        count(*) filter (where newest.is_verified) as verified,
        sum(newest.gap) filter (where newest.is_verified) as gap
    from newest
    inner join lease on newest.lease_id = lease.lease_id
    group by lease.agency_id
),
by_slice as (
    select
        'reconciliation_gap' as indicator_id,
        slice.level,
        slice.slice_id,
        date_trunc('month', any_value(night.as_of))::date as month,
        false as is_partial,
        null::decimal(18, 2) as numerator,
        coalesce(sum(by_agency.verified), 0)::decimal(18, 2) as denominator,
        coalesce(sum(by_agency.verified), 0)::integer as volume,
        null::integer as cases,
        null::integer as base_cases,
        sum(by_agency.gap)::decimal(18, 2) as value,
        coalesce(sum(by_agency.leases), 0)::integer as leases
    from slice
    cross join night
    left join by_agency on slice.agency_id = by_agency.agency_id
    group by slice.level, slice.slice_id
)
select * from by_slice
