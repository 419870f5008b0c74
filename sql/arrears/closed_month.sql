-- One row per month that is told and over: the rows of arrears.closing that no later night changes. What reads them, and no
-- month under way, stays as it is from one night of a month to the next where nothing of a lease changed.
-- grain: month
-- columns:
--   month       first day of the month
--   closing_on  its last day
-- checks:
--   closing_on > month
with closing as (
    select month, closing_on, is_partial from arrears.closing
),
closed as (
    select month, closing_on from closing where not is_partial
)
select * from closed
