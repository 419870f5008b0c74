-- What lists were worth, by slice and month: what became of those on the month's list within the horizon, and which of those who
-- fell in the month had been on a list in time. Recent months lack one or the other: their time is not over.
-- Precision is told on households that nobody contacted or helped; of the others, nobody knows what would have come.
-- grain: level, slice_id, month
-- columns:
--   level                    company, sector or agency
--   slice_id                 the slice
--   month                    the month
--   given                    whether the list at the month's end had been given to the teams; else it is replayed
--   listed                   households on it
--   contacted                of these, those contacted or helped before they fell, or within the horizon
--   onsets                   households that owed no whole term at the month's end, and one at a month end within the horizon
--   caught                   of these, those on the list
--   missed                   those that could have been on it, and were not
--   left_out                 those left out of it for a reason: contacted, helped, on hold …
--   spared                   on the list, contacted or helped, and did not fall
--   false_alarms             on the list, left alone, and did not fall
--   caught_alone             on the list, left alone, and fell
--   precision_uncontacted    caught_alone over caught_alone and false_alarms
--   lead_days_median         median days from the list to the fall of those caught
--   jaccard                  households on this list and the month's before, over those on either
--   month_onsets             households that first owed a whole term at this month's end; null where lists cannot tell of it
--   alerted                  of these, those on a list from 183 to 30 days before
--   reached                  of these, those with whom someone spoke in time
--   households_listed        distinct households on the lists of those days
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
    select date_trunc('month', as_of)::date as month, lease_id, agency_id, given, listed, came, is_alone, lead_days
    from prevention.past_list
),
onset as (
    select month, agency_id, onset_on, alerted, reached, warning_days from prevention.onset
),
listing as (
    select lease_id, agency_id, listed_on from prevention.listing
),
list_month as (
    select
        slice.level,
        slice.slice_id,
        past_list.month,
        bool_or(past_list.given) as given,
        count(*) filter (where past_list.listed) as listed,
        count(*) filter (where past_list.listed and not past_list.is_alone) as contacted,
        count(*) filter (where past_list.came in ('caught', 'missed', 'left_out')) as onsets,
        count(*) filter (where past_list.came = 'caught') as caught,
        count(*) filter (where past_list.came = 'missed') as missed,
        count(*) filter (where past_list.came = 'left_out') as left_out,
        count(*) filter (where past_list.came = 'spared') as spared,
        count(*) filter (where past_list.came = 'false_alarm') as false_alarms,
        count(*) filter (where past_list.came = 'caught' and past_list.is_alone) as caught_alone,
        median(past_list.lead_days) filter (where past_list.came = 'caught') as lead_days_median
    from past_list
    inner join slice on past_list.agency_id = slice.agency_id
    group by slice.level, slice.slice_id, past_list.month
),
listed_then as (
    select slice.level, slice.slice_id, past_list.month, past_list.lease_id
    from past_list
    inner join slice on past_list.agency_id = slice.agency_id
    where past_list.listed
),
stayed as (
    select later.level, later.slice_id, later.month, count(*) as households
    from listed_then as later
    inner join listed_then as earlier
        on later.level = earlier.level
        and later.slice_id = earlier.slice_id
        and later.lease_id = earlier.lease_id
        and later.month = earlier.month + interval 1 month
    group by later.level, later.slice_id, later.month
),
compared as (
    select
        list_month.level,
        list_month.slice_id,
        list_month.month,
        coalesce(stayed.households, 0)
        / nullif(list_month.listed + earlier.listed - coalesce(stayed.households, 0), 0) as jaccard
    from list_month
    inner join list_month as earlier
        on list_month.level = earlier.level
        and list_month.slice_id = earlier.slice_id
        and list_month.month = earlier.month + interval 1 month
    left join stayed
        on list_month.level = stayed.level and list_month.slice_id = stayed.slice_id and list_month.month = stayed.month
),
fallen as (
    select
        slice.level,
        slice.slice_id,
        onset.month,
        count(*) as month_onsets,
        count(*) filter (where onset.alerted) as alerted,
        count(*) filter (where onset.reached) as reached,
        median(onset.warning_days) as warning_days_median
    from onset
    inner join slice on onset.agency_id = slice.agency_id
    group by slice.level, slice.slice_id, onset.month
),
told_month as (
    select distinct month, onset_on from onset
),
listed_before as (
    select distinct told_month.month, listing.lease_id, listing.agency_id
    from listing
    inner join told_month on listing.listed_on between told_month.onset_on - 183 and told_month.onset_on - 30
),
listed_households as (
    select slice.level, slice.slice_id, listed_before.month, count(*) as households_listed
    from listed_before
    inner join slice on listed_before.agency_id = slice.agency_id
    group by slice.level, slice.slice_id, listed_before.month
),
place as (
    select level, slice_id, month from list_month
    union
    select level, slice_id, month from fallen
),
told as (
    select
        place.level,
        place.slice_id,
        place.month,
        list_month.given,
        list_month.listed::integer as listed,
        list_month.contacted::integer as contacted,
        list_month.onsets::integer as onsets,
        list_month.caught::integer as caught,
        list_month.missed::integer as missed,
        list_month.left_out::integer as left_out,
        list_month.spared::integer as spared,
        list_month.false_alarms::integer as false_alarms,
        list_month.caught_alone::integer as caught_alone,
        list_month.caught_alone / nullif(list_month.caught_alone + list_month.false_alarms, 0) as precision_uncontacted,
        list_month.lead_days_median,
        compared.jaccard,
        fallen.month_onsets::integer as month_onsets,
        fallen.alerted::integer as alerted,
        fallen.reached::integer as reached,
        case when fallen.month_onsets is not null then coalesce(listed_households.households_listed, 0)::integer end
            as households_listed,
        fallen.alerted / fallen.month_onsets as alerted_before_onset,
        fallen.reached / fallen.month_onsets as contacted_before_onset,
        fallen.warning_days_median
    from place
    left join list_month
        on place.level = list_month.level and place.slice_id = list_month.slice_id and place.month = list_month.month
    left join compared on place.level = compared.level and place.slice_id = compared.slice_id and place.month = compared.month
    left join fallen on place.level = fallen.level and place.slice_id = fallen.slice_id and place.month = fallen.month
    left join listed_households
        on place.level = listed_households.level
        and place.slice_id = listed_households.slice_id
        and place.month = listed_households.month
)
select * from told
