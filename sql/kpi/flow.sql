-- The monthly flows that indicators stand on, by slice: indicators that are monthly themselves, and fees_charged, the month of
-- kpi.fee_per_euro: fees charged for one euro of principal recovered from present tenants.
-- grain: flow_id, level, slice_id, month
-- columns:
--   flow_id      the flow, see kpi.flow_of
--   level        company, sector or agency
--   slice_id     the slice
--   month        the month
--   is_partial   true for the month under way
--   numerator    cases, or euros
--   denominator  cases, or euros
--   volume       cases behind the figure
--   kind         share where cases are counted out of the volume, else ratio; the same for all rows of a flow
--   suppressed   true where the figure is withheld for statistical secrecy
-- checks:
--   denominator > 0
--   kind <> 'share' or numerator between 0 and denominator
with flow_of as (
    select distinct flow_id from kpi.flow_of
),
measure as (
    select indicator_id, level, slice_id, month, is_partial, numerator, denominator, volume
    from kpi.measure
),
disclosure as (
    select indicator_id, level, slice_id, month from kpi.disclosure
),
policy as (
    select policy from allocation.policy where is_chosen
),
received as (
    select policy, agency_id, month, is_partial, received, outside, fees_charged, payers
    from allocation.received
    where status = 'present'
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
monthly as (
    select
        measure.indicator_id as flow_id,
        measure.level,
        measure.slice_id,
        measure.month,
        measure.is_partial,
        measure.numerator,
        measure.denominator,
        measure.volume,
        measure.denominator = measure.volume
        and measure.numerator = floor(measure.numerator)
        and measure.numerator between 0 and measure.denominator as counts_cases,
        disclosure.indicator_id is not null as suppressed
    from measure
    inner join flow_of on measure.indicator_id = flow_of.flow_id
    left join disclosure
        on measure.indicator_id = disclosure.indicator_id
        and measure.level = disclosure.level
        and measure.slice_id = disclosure.slice_id
        and measure.month = disclosure.month
    where measure.numerator is not null and measure.denominator > 0
),
fees_charged as (
    select
        'fees_charged' as flow_id,
        slice.level,
        slice.slice_id,
        received.month,
        received.is_partial,
        sum(received.fees_charged)::decimal(18, 2) as numerator,
        sum(received.received - received.outside)::decimal(18, 2) as denominator,
        sum(received.payers)::integer as volume,
        false as counts_cases,
        false as suppressed
    from received
    inner join policy on received.policy = policy.policy
    inner join slice on received.agency_id = slice.agency_id
    group by slice.level, slice.slice_id, received.month, received.is_partial
    having sum(received.received - received.outside) > 0
),
together as (
    select * from monthly
    union all
    select * from fees_charged
),
flow as (
    select
        flow_id,
        level,
        slice_id,
        month,
        is_partial,
        numerator,
        denominator,
        volume,
        case when bool_and(counts_cases) over (partition by flow_id) then 'share' else 'ratio' end as kind,
        suppressed
    from together
)
select * from flow
