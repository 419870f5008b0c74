-- The ageing buckets, lower bound included, upper bound excluded, in full months. Indicator ids carry them, so they are meaning, not setting.
-- grain: bucket
-- columns:
--   bucket       0_1, 1_3, 3_6, 6_12 or 12_plus
--   from_months  youngest age in the bucket
--   to_months    first age no longer in it; null for the last
--   label_fr     its name on screen
--   position     its place in charts
-- checks:
--   to_months > from_months or to_months is null
select
    bucket::varchar as bucket,
    from_months::integer as from_months,
    to_months::integer as to_months,
    label_fr::varchar as label_fr,
    position::integer as position
from (
    values
        ('0_1', 0, 1, 'moins d''1 mois', 1),
        ('1_3', 1, 3, '1 à 3 mois', 2),
        ('3_6', 3, 6, '3 à 6 mois', 3),
        ('6_12', 6, 12, '6 à 12 mois', 4),
        ('12_plus', 12, null, '12 mois et plus', 5)
) as bucket (bucket, from_months, to_months, label_fr, position)
