-- Figures that may not be published, because they would tell of too few households.
-- A figure is withheld when 1 to the configured number of households stand behind it or behind its denominator. Others
-- go with it as long as a reader could work it out from sums that he knows to hold: agencies make their sector and sectors
-- the company, the buckets of a slice their total, and whatever kpi.identity declares. What those sums give away is found
-- exactly, over all indicators, levels, slices and months at once; the smallest part of a sum goes first.
-- kind: computed
-- from: kpi.measure, kpi.slice, kpi.identity, kpi.indicator, strategy.setting
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  the indicator
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   reason        few_households, or complement
-- checks:
--   reason in ('few_households', 'complement')
select null::varchar as indicator_id, null::varchar as level, null::varchar as slice_id, null::date as month, null::varchar as reason
where false
