-- Freshness: days between the as-of date and the newest entry booked. A sector or the company is as fresh as its
-- stalest agency: one agency whose export stopped must be seen.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  freshness
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month of the as-of date
--   is_partial    false: the figure stands on a day, not on a month
--   numerator     always null: the figure is a maximum
--   denominator   agencies with entries
--   volume        agencies with entries
--   cases         not used here: the figure counts no household
--   base_cases    not used here
--   days          days since the newest booking of the stalest agency
-- checks:
--   days >= 0
-- indicators:
--   freshness:
--     family: freshness
--     position: 90
--     label_fr: Fraîcheur des données
--     unit: days
--     good_direction: down
--     perimeter: both
--     formula_fr: jours entre la date des données et la dernière écriture comptabilisée ; pour un secteur ou la société, ceux de l'agence la moins à jour
with night as (
    select as_of from strategy.night
),
posting as (
    select lease_id, booked_on from ledger.posting
),
lease as (
    select lease_id, agency_id from ledger.lease
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
newest as (
    select lease.agency_id, max(posting.booked_on) as booked_on
    from posting
    inner join lease on posting.lease_id = lease.lease_id
    group by lease.agency_id
),
by_slice as (
    select
        'freshness' as indicator_id,
        slice.level,
        slice.slice_id,
        date_trunc('month', max(night.as_of))::date as month,
        false as is_partial,
        null::decimal(18, 2) as numerator,
        count(*)::decimal(18, 2) as denominator,
        count(*)::integer as volume,
        null::integer as cases,
        null::integer as base_cases,
        max(night.as_of - newest.booked_on)::integer as days
    from newest
    inner join slice on newest.agency_id = slice.agency_id
    cross join night
    group by slice.level, slice.slice_id
)
select * from by_slice
