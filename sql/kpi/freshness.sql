-- Freshness: days between the as-of date and the newest entry booked, and the newest delivery. A sector or the company is as
-- fresh as its stalest agency: one agency whose export stopped must be seen. So must an agency without any entry, which
-- has no age: it is counted.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  freshness (newest entry), freshness.delivery (newest delivery of entries or bank receipts) or freshness.without_entry
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month of the as-of date
--   is_partial    false: the figure stands on a day, not on a month
--   numerator     always null: the figure is a maximum, or a count
--   denominator   agencies whose age is known; for freshness.without_entry, all agencies
--   volume        the same
--   cases         not used here: the figure counts no household
--   base_cases    not used here
--   value         days, or agencies; null where no age is known
-- checks:
--   value >= 0
-- indicators:
--   freshness:
--     family: freshness
--     position: 90
--     label_fr: Fraîcheur des données
--     unit: days
--     good_direction: down
--     perimeter: both
--     formula_fr: jours entre la date des données et la dernière écriture comptabilisée ; pour un secteur ou la société, ceux de l'agence la moins à jour
--   freshness.delivery:
--     family: freshness
--     position: 91
--     label_fr: Âge de la dernière livraison
--     unit: days
--     good_direction: down
--     perimeter: both
--     formula_fr: jours entre la date des données et la dernière livraison d'un fichier d'écritures ou de relevés bancaires qui concerne l'agence ; pour un secteur ou la société, ceux de l'agence la moins à jour
--   freshness.without_entry:
--     family: freshness
--     position: 92
--     label_fr: Agences sans aucune écriture
--     unit: count
--     good_direction: down
--     perimeter: both
--     formula_fr: agences pour lesquelles aucune écriture n'a jamais été livrée
with night as (
    select as_of from strategy.night
),
posting as not materialized (
    select lease_id, booked_on from ledger.posting
),
entry as not materialized (
    select lease_id, file_id from contract.entry
),
bank_receipt as (
    select id, file_id from contract.bank_receipt
),
match as (
    select receipt_id, lease_id from bank.match
),
file as (
    select file_id, delivered_on from load.file
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
agency_file as (
    select lease.agency_id, entry.file_id
    from entry
    inner join lease on entry.lease_id = lease.lease_id
    group by lease.agency_id, entry.file_id
    union all
    select lease.agency_id, bank_receipt.file_id
    from match
    inner join lease on match.lease_id = lease.lease_id
    inner join bank_receipt on match.receipt_id = bank_receipt.id
    group by lease.agency_id, bank_receipt.file_id
),
delivered as (
    select agency_file.agency_id, max(file.delivered_on) as delivered_on
    from agency_file
    inner join file on agency_file.file_id = file.file_id
    group by agency_file.agency_id
),
told as (
    select
        slice.level,
        slice.slice_id,
        slice.agency_id,
        night.as_of - newest.booked_on as entry_days,
        case when delivered.delivered_on is not null then greatest(night.as_of - delivered.delivered_on, 0) end as delivery_days
    from slice
    cross join night
    left join newest on slice.agency_id = newest.agency_id
    left join delivered on slice.agency_id = delivered.agency_id
),
figure as (
    select 'freshness' as indicator_id, level, slice_id, max(entry_days) as value, count(entry_days) as agencies
    from told
    group by level, slice_id
    union all
    select 'freshness.delivery' as indicator_id, level, slice_id, max(delivery_days) as value, count(delivery_days) as agencies
    from told
    group by level, slice_id
    union all
    select
        'freshness.without_entry' as indicator_id,
        level,
        slice_id,
        count(*) filter (where entry_days is null) as value,
        count(*) as agencies
    from told
    group by level, slice_id
),
dated as (
    select
        figure.indicator_id,
        figure.level,
        figure.slice_id,
        date_trunc('month', night.as_of)::date as month,
        false as is_partial,
        null::decimal(18, 2) as numerator,
        figure.agencies::decimal(18, 2) as denominator,
        figure.agencies::integer as volume,
        null::integer as cases,
        null::integer as base_cases,
        figure.value::integer as value
    from figure
    cross join night
)
select * from dated
