-- Counts of households by type of payment behaviour that may not be published, because they would tell of too few households, or would
-- let a reader work out one that does: agencies make their sector and sectors the company, the types of a slice its households, and
-- the moves of a month lead from one closing's counts to the next's. Found exactly, as for indicators (kpi.disclosure).
-- kind: computed
-- from: kpi.slice, risk.segment_count, risk.segment_change
-- grain: figure, level, slice_id, month, segment, to_segment
-- columns:
--   figure      households, moved_in, moved_out or move
--   level       company, sector or agency
--   slice_id    the slice
--   month       the month
--   segment     the type; of a move, the one before
--   to_segment  of a move, the type after; else empty
--   reason      few_households, or complement
-- checks:
--   reason in ('few_households', 'complement')
select
    null::varchar as figure,
    null::varchar as level,
    null::varchar as slice_id,
    null::date as month,
    null::varchar as segment,
    null::varchar as to_segment,
    null::varchar as reason
where false
