-- One row per slice, closing and type of payment behaviour: how many households are of the type. Every type has its row, without any
-- household too; those without a known habit are left out. Not published: see risk.segment_month, where small counts are withheld.
-- grain: level, slice_id, month, segment
-- columns:
--   level       company, sector or agency
--   slice_id    the slice
--   month       first day of the closing's month
--   segment     the type
--   households  households of the type
--   present     households of the slice, of whatever type
--   moved_in    company only: of another type at the closing before, or not there; null at the first closing
--   moved_out   company only: of the type at the closing before, and of another or gone now; null at the first closing
-- checks:
--   households <= present
with slice as (
    select level, slice_id, agency_id from kpi.slice
),
meaning as (
    select segment from risk.segment_meaning where segment <> 'unknown'
),
lease as (
    select lease_id, agency_id from ledger.lease where use = 'residential'
),
history as (
    select lease_id, month, segment from risk.segment_history where segment <> 'unknown'
),
change as (
    select month, from_segment, to_segment, households from risk.segment_change
),
by_agency as (
    select lease.agency_id, history.month, history.segment, count(*) as households
    from history
    inner join lease on history.lease_id = lease.lease_id
    group by lease.agency_id, history.month, history.segment
),
present as (
    select slice.level, slice.slice_id, by_agency.month, sum(by_agency.households)::integer as present
    from slice
    inner join by_agency on slice.agency_id = by_agency.agency_id
    group by slice.level, slice.slice_id, by_agency.month
),
of_type as (
    select slice.level, slice.slice_id, by_agency.month, by_agency.segment, sum(by_agency.households)::integer as households
    from slice
    inner join by_agency on slice.agency_id = by_agency.agency_id
    group by slice.level, slice.slice_id, by_agency.month, by_agency.segment
),
moved_in as (
    select month, to_segment as segment, sum(households)::integer as households from change group by month, to_segment
),
moved_out as (
    select month, from_segment as segment, sum(households)::integer as households from change group by month, from_segment
),
first_closing as (
    select min(month) as month from history
),
counted as (
    select
        present.level,
        present.slice_id,
        present.month,
        meaning.segment,
        coalesce(of_type.households, 0)::integer as households,
        present.present,
        case
            when present.level = 'company' and present.month > first_closing.month then coalesce(moved_in.households, 0)
        end::integer as moved_in,
        case
            when present.level = 'company' and present.month > first_closing.month then coalesce(moved_out.households, 0)
        end::integer as moved_out
    from present
    cross join meaning
    cross join first_closing
    left join of_type
        on present.level = of_type.level
        and present.slice_id = of_type.slice_id
        and present.month = of_type.month
        and meaning.segment = of_type.segment
    left join moved_in on present.month = moved_in.month and meaning.segment = moved_in.segment
    left join moved_out on present.month = moved_out.month and meaning.segment = moved_out.segment
)
select * from counted
