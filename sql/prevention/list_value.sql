-- What lists were worth over all past months told, by slice, each household counted once: it stands on several lists, and one fall
-- lies within the horizon of several. The lists of prevention.past_list, and the onsets of prevention.onset.
-- grain: level, slice_id
-- columns:
--   level                    company, sector or agency
--   slice_id                 the slice
--   first_month              month of the first list
--   last_month               month of the last list
--   lists                    month ends whose list is told
--   listed                   households on a list
--   contacted                of these, those contacted or helped after a list, before they fell or within its horizon
--   onsets                   households that fell within the horizon of a month end at which they owed no whole term
--   caught                   of these, those that were on a list within whose horizon they fell
--   missed                   those that could have been on one, and were not
--   left_out                 those left out of all of them for a reason
--   spared                   on a list, contacted or helped, and did not fall
--   false_alarms             on a list, always left alone, and did not fall
--   caught_alone             on a list, left alone, and fell
--   precision_uncontacted    caught_alone over caught_alone and false_alarms
--   lead_days_median         median days from the first list that caught a household to its fall
--   jaccard                  mean of the months' likeness to the list before
--   month_onsets             households that first owed a whole term at a month end of which lists can tell
--   alerted                  of these, those on a list from 183 to 30 days before
--   reached                  of these, those with whom someone spoke in time
--   households_listed        distinct households on the lists of those days, the mean of the months
--   alerted_before_onset     alerted over month_onsets
--   contacted_before_onset   reached over month_onsets
--   warning_days_median      median days from the first list of the 183 days before to the fall, where there was one
-- checks:
--   listed = caught + spared + false_alarms
--   onsets = caught + missed + left_out
--   alerted <= month_onsets and reached <= alerted
with slice as (
    select level, slice_id, agency_id from kpi.slice
),
past_list as (
    select as_of, lease_id, agency_id, listed, came, is_alone, lead_days from prevention.past_list
),
list_month as (
    select level, slice_id, month, listed, jaccard, households_listed from prevention.list_month
),
onset as (
    select agency_id, alerted, reached, warning_days from prevention.onset
),
household as (
    select
        lease_id,
        agency_id,
        bool_or(listed) as listed,
        bool_or(listed and not is_alone) as contacted,
        bool_or(came = 'caught') as caught,
        bool_or(came = 'caught' and is_alone) as caught_alone,
        bool_or(came = 'missed') as missed,
        bool_or(came = 'left_out') as left_out,
        bool_or(came = 'spared') as spared,
        max(lead_days) filter (where came = 'caught') as lead_days
    from past_list
    group by lease_id, agency_id
),
counted as (
    select
        slice.level,
        slice.slice_id,
        count(*) filter (where household.listed)::integer as listed,
        count(*) filter (where household.contacted)::integer as contacted,
        count(*) filter (where household.caught or household.missed or household.left_out)::integer as onsets,
        count(*) filter (where household.caught)::integer as caught,
        count(*) filter (where household.missed and not household.caught)::integer as missed,
        count(*) filter (where household.left_out and not household.missed and not household.caught)::integer as left_out,
        count(*) filter (where household.spared and not household.caught)::integer as spared,
        count(*) filter (where household.listed and not household.spared and not household.caught)::integer as false_alarms,
        count(*) filter (where household.caught_alone)::integer as caught_alone,
        median(household.lead_days) as lead_days_median
    from household
    inner join slice on household.agency_id = slice.agency_id
    group by slice.level, slice.slice_id
),
monthly as (
    select
        level,
        slice_id,
        min(month) filter (where listed is not null) as first_month,
        max(month) filter (where listed is not null) as last_month,
        count(listed)::integer as lists,
        avg(jaccard order by month) as jaccard,
        round(avg(households_listed))::integer as households_listed
    from list_month
    group by level, slice_id
),
fallen as (
    select
        slice.level,
        slice.slice_id,
        count(*)::integer as month_onsets,
        count(*) filter (where onset.alerted)::integer as alerted,
        count(*) filter (where onset.reached)::integer as reached,
        median(onset.warning_days) as warning_days_median
    from onset
    inner join slice on onset.agency_id = slice.agency_id
    group by slice.level, slice.slice_id
),
told as (
    select
        monthly.level,
        monthly.slice_id,
        monthly.first_month,
        monthly.last_month,
        monthly.lists,
        counted.listed,
        counted.contacted,
        counted.onsets,
        counted.caught,
        counted.missed,
        counted.left_out,
        counted.spared,
        counted.false_alarms,
        counted.caught_alone,
        counted.caught_alone / nullif(counted.caught_alone + counted.false_alarms, 0) as precision_uncontacted,
        counted.lead_days_median,
        monthly.jaccard,
        fallen.month_onsets,
        fallen.alerted,
        fallen.reached,
        monthly.households_listed,
        fallen.alerted / fallen.month_onsets as alerted_before_onset,
        fallen.reached / fallen.month_onsets as contacted_before_onset,
        fallen.warning_days_median
    from monthly
    left join counted on monthly.level = counted.level and monthly.slice_id = counted.slice_id
    left join fallen on monthly.level = fallen.level and monthly.slice_id = fallen.slice_id
)
select * from told
