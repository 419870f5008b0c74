-- The company, its sectors and its agencies, as managers see them.
-- grain: level, slice_id
-- columns:
--   level     company, sector or agency
--   slice_id  the slice
--   label     its name
--   sector    the sector of an agency; null for the company
--   position  its place in lists
with slice as (
    select level, slice_id, label, sector, position from managers.slice
)
select * from slice
