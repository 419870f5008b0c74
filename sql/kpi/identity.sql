-- Sums that hold between published figures of one slice, whatever the slice and the month: the terms of each sum to zero.
-- A reader knows them from the definitions, so that disclosure control must know them too. Sums over levels and within a
-- share group go without saying.
-- grain: identity, indicator_id, part, months_before
-- columns:
--   identity       the sum
--   indicator_id   an indicator in it
--   part           numerator or denominator
--   months_before  how many months before the others this term stands
--   coefficient    what it is multiplied by
-- checks:
--   part in ('numerator', 'denominator')
--   coefficient <> 0
with identity as (
    select
        identity::varchar as identity,
        indicator_id::varchar as indicator_id,
        part::varchar as part,
        months_before::integer as months_before,
        coefficient::integer as coefficient
    from (
        values
            ('present_debt', 'arrears_rate', 'numerator', 0, 1),
            ('present_debt', 'ageing.euros.0_1', 'denominator', 0, -1)
    ) as identity (identity, indicator_id, part, months_before, coefficient)
)
select * from identity
