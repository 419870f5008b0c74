-- Lines that the mappings leave out on purpose, by feed and reason.
-- grain: feed, reason
-- columns:
--   feed    the feed they belong to
--   reason  why they are left out, as the mapping says it
--   files   files of the feed that hold some
--   rows    lines
with set_aside as (
    select distinct file_id, line, reason from contract.set_aside
),
file as (
    select file_id, feed from load.file
),
counted as (
    select
        file.feed,
        set_aside.reason,
        count(distinct set_aside.file_id)::integer as files,
        count(*)::integer as rows
    from set_aside
    inner join file on set_aside.file_id = file.file_id
    group by file.feed, set_aside.reason
)
select * from counted
