-- What the lists of the past were worth for the landlord as a whole, all months together; counts that tell of few households are
-- withheld before (prevention.published_value).
-- grain: level
-- columns:
--   level                  company
--   first_month            month of the first list that is told
--   last_month             month of the last one
--   lists                  month ends whose list is told
--   lists_given            of these, those whose list had been given to the teams; the others are replayed
--   listed                 households on a list
--   contacted              of these, those contacted or helped
--   spared                 on a list, contacted or helped, and did not fall; null where withheld, as below
--   false_alarms           on a list, always left alone, and did not fall
--   precision_uncontacted  of the households on a list and left alone, the share that fell
--   stability              mean likeness of a month's list to the one before
--   onsets                 households that first owed a whole term at a month end of which lists can tell
--   alerted                of these, those on a list from 183 to 30 days before
--   missed                 the others
--   reached                those alerted with whom someone spoke in time
--   warning_days           median days from the first list of the 183 days before to the fall
--   suppressed             whether onsets are withheld
with published as (
    select
        level, first_month, last_month, lists, listed, contacted, spared, false_alarms, precision_uncontacted, jaccard,
        month_onsets, alerted, reached, warning_days_median
    from prevention.published_value
    where level = 'company'
),
list_value as (
    select month_onsets from prevention.list_value where level = 'company'
),
list_month as (
    select count(*) filter (where given) as lists_given from prevention.list_month where level = 'company' and listed is not null
),
told as (
    select
        published.level,
        published.first_month,
        published.last_month,
        published.lists,
        list_month.lists_given::integer as lists_given,
        published.listed,
        published.contacted,
        published.spared,
        published.false_alarms,
        published.precision_uncontacted::double as precision_uncontacted,
        published.jaccard::double as stability,
        published.month_onsets as onsets,
        published.alerted,
        published.month_onsets - published.alerted as missed,
        published.reached,
        published.warning_days_median::double as warning_days,
        list_value.month_onsets is not null and published.month_onsets is null as suppressed
    from published
    cross join list_value
    cross join list_month
)
select * from told
