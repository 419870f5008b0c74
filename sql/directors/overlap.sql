-- How alike the households are that had an action and those that had not: side by side, by how likely they were to have it.
-- grain: comparison_id, bin
-- columns:
--   comparison_id  the comparison
--   bin            range of likelihood, from the least likely
--   treated        households that had the action
--   controls       households at risk that had not; null where they are few
with overlap as (
    select comparison_id, bin, treated, controls from effect.overlap
)
select * from overlap
