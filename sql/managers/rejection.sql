-- How many rows were rejected, by file, column and reason. The values stay in the warehouse: they may name a household.
-- grain: file, table_name, column_name, reason
-- columns:
--   file         path in the inbox
--   table_name   contract table
--   column_name  contract column
--   reason       why, as a code
--   reason_fr    why, in words
--   rows         rejected values
with rejected_row as (
    select file_id, table_name, column_name, reason from load.rejected_row
),
file as (
    select file_id, file from load.file
),
reason as (
    select reason, label_fr from load.reason
),
counted as (
    select
        file.file,
        coalesce(rejected_row.table_name, '—') as table_name,
        coalesce(rejected_row.column_name, '—') as column_name,
        rejected_row.reason,
        coalesce(any_value(reason.label_fr), rejected_row.reason) as reason_fr,
        count(*)::integer as rows
    from rejected_row
    inner join file on rejected_row.file_id = file.file_id
    left join reason on rejected_row.reason = reason.reason
    group by file.file, coalesce(rejected_row.table_name, '—'), coalesce(rejected_row.column_name, '—'), rejected_row.reason
)
select * from counted
