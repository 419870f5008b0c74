-- The sources of the night, one row a feed: how many files, and what became of their rows.
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
with file as (
    select feed, delivered_on, rows_read, rows_accepted, rows_rejected, rows_superseded, rows_duplicate from load.file
),
by_feed as (
    select
        feed,
        count(*)::integer as files,
        max(delivered_on) as delivered_on,
        sum(rows_read)::bigint as rows_read,
        sum(rows_accepted)::bigint as rows_accepted,
        sum(rows_rejected)::bigint as rows_rejected,
        sum(rows_superseded)::bigint as rows_superseded,
        sum(rows_duplicate)::bigint as rows_duplicate
    from file
    group by feed
)
select * from by_feed
