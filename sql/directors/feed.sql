-- The sources of the night, one row a feed, as managers see them.
-- grain: feed
-- columns:
--   feed             the feed
--   files            files read
--   delivered_on     newest delivery
--   rows_read        rows read
--   rows_accepted    rows accepted
--   rows_rejected    rows rejected
--   rows_superseded  rows that a later delivery replaced
--   rows_duplicate   exact duplicates
-- checks:
--   rows_read = rows_accepted + rows_rejected + rows_superseded + rows_duplicate
with feed as (
    select feed, files, delivered_on, rows_read, rows_accepted, rows_rejected, rows_superseded, rows_duplicate from managers.feed
)
select * from feed
