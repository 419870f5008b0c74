-- The files of the night and what became of their rows.
-- grain: file
-- columns:
--   file             path in the inbox
--   feed             the feed it belongs to
--   encoding         the encoding it was read in; binaire for a format that is not text
--   delivered_on     the day it was delivered, where its name says so
--   rows_read        rows read
--   rows_accepted    rows accepted
--   rows_rejected    rows rejected
--   rows_superseded  rows that a later delivery replaced
--   rows_duplicate   exact duplicates
-- checks:
--   rows_read = rows_accepted + rows_rejected + rows_superseded + rows_duplicate
with file as (
    select file, feed, encoding, delivered_on, rows_read, rows_accepted, rows_rejected, rows_superseded, rows_duplicate
    from load.file
),
told as (
    select
        file,
        feed,
        coalesce(encoding, 'binaire') as encoding,
        delivered_on,
        rows_read,
        rows_accepted,
        rows_rejected,
        rows_superseded,
        rows_duplicate
    from file
)
select * from told
