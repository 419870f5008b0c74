-- What the lists of the past were worth, in each scope, all months together: its agencies' own figures added up, each household in
-- one of them (prevention.list_value).
-- grain: scope_id
-- columns:
--   scope_id               the scope
--   first_month            month of the first list that is told
--   last_month             month of the last one
--   lists                  month ends whose list is told
--   lists_given            of these, those whose list had been given to the teams; the others are replayed
--   listed                 households on a list
--   contacted              of these, those contacted or helped
--   spared                 on a list, contacted or helped, and did not fall
--   false_alarms           on a list, always left alone, and did not fall
--   precision_uncontacted  of the households on a list and left alone, the share that fell
--   stability              likeness of a month's list to the one before: the agencies' mean, by households listed
--   onsets                 households that first owed a whole term at a month end of which lists can tell; null where there is none
--   alerted                of these, those on a list from 183 to 30 days before
--   missed                 the others
--   reached                those alerted with whom someone spoke in time
--   warning_days           median days from the first list of the 183 days before to the fall
-- checks:
--   onsets = alerted + missed
with agency as (
    select scope_id, agency_id from social_teams.agency
),
list_value as (
    select
        slice_id as agency_id, first_month, last_month, listed, contacted, spared, false_alarms, caught_alone, jaccard, month_onsets,
        alerted, reached
    from prevention.list_value
    where level = 'agency'
),
list_month as (
    select slice_id as agency_id, month, given from prevention.list_month where level = 'agency' and listed is not null
),
onset as (
    select agency_id, warning_days from prevention.onset
),
summed as (
    select
        agency.scope_id,
        min(list_value.first_month) as first_month,
        max(list_value.last_month) as last_month,
        sum(list_value.listed)::integer as listed,
        sum(list_value.contacted)::integer as contacted,
        sum(list_value.spared)::integer as spared,
        sum(list_value.false_alarms)::integer as false_alarms,
        (sum(list_value.caught_alone) / nullif(sum(list_value.caught_alone + list_value.false_alarms), 0))::double
            as precision_uncontacted,
        (
            sum(list_value.jaccard * list_value.listed order by list_value.agency_id)
            / nullif(sum(list_value.listed) filter (where list_value.jaccard is not null), 0)
        )::double as stability,
        sum(list_value.month_onsets)::integer as onsets,
        sum(list_value.alerted)::integer as alerted,
        sum(list_value.month_onsets - list_value.alerted)::integer as missed,
        sum(list_value.reached)::integer as reached
    from agency
    inner join list_value on agency.agency_id = list_value.agency_id
    group by agency.scope_id
),
monthly as (
    select agency.scope_id, list_month.month, bool_and(list_month.given) as given
    from agency
    inner join list_month on agency.agency_id = list_month.agency_id
    group by agency.scope_id, list_month.month
),
counted as (
    select scope_id, count(*)::integer as lists, (count(*) filter (where given))::integer as lists_given
    from monthly
    group by scope_id
),
warned as (
    select agency.scope_id, median(onset.warning_days)::double as warning_days
    from agency
    inner join onset on agency.agency_id = onset.agency_id
    group by agency.scope_id
),
told as (
    select
        summed.scope_id,
        summed.first_month,
        summed.last_month,
        coalesce(counted.lists, 0) as lists,
        coalesce(counted.lists_given, 0) as lists_given,
        summed.listed,
        summed.contacted,
        summed.spared,
        summed.false_alarms,
        summed.precision_uncontacted,
        summed.stability,
        summed.onsets,
        summed.alerted,
        summed.missed,
        summed.reached,
        warned.warning_days
    from summed
    left join counted on summed.scope_id = counted.scope_id
    left join warned on summed.scope_id = warned.scope_id
)
select * from told
