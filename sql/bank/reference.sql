-- What leads from a receipt to a lease, in a form that can be compared, and from when to when it does.
-- A mandate or a reference given to another lease belongs to that one from its first day on.
-- grain: kind, reference, lease_id
-- columns:
--   kind        reference, mandate, payer_account or end_to_end
--   reference   what the bank writes: capitals and digits only
--   lease_id    the lease
--   valid_from  first day; the year 1900 where the landlord says nothing
--   valid_to    first day on which it leads elsewhere; null while it does not
-- checks:
--   valid_to > valid_from
with setting as (
    select shortest_reference from strategy.bank
),
bank_reference as (
    select kind, reference, lease_id, valid_from from contract.bank_reference
),
comparable as (
    select
        kind::varchar as kind,
        regexp_replace(upper(strip_accents(reference)), '[^A-Z0-9]+', '', 'g') as reference,
        lease_id,
        max(coalesce(valid_from, date '1900-01-01')) as valid_from
    from bank_reference
    group by all
),
long_enough as (
    select comparable.kind, comparable.reference, comparable.lease_id, comparable.valid_from
    from comparable
    cross join setting
    where length(comparable.reference) >= setting.shortest_reference
),
first_day as (
    select distinct kind, reference, valid_from from long_enough
),
period as (
    select kind, reference, valid_from, lead(valid_from) over (partition by kind, reference order by valid_from) as valid_to
    from first_day
),
dated as (
    select long_enough.kind, long_enough.reference, long_enough.lease_id, long_enough.valid_from, period.valid_to
    from long_enough
    inner join period
        on long_enough.kind = period.kind
        and long_enough.reference = period.reference
        and long_enough.valid_from = period.valid_from
)
select * from dated
