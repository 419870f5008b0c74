-- prevention.list_value as readers may see it who see no household: the company and its agencies.
-- Where a count of households in arrears lies from 1 to the strategy's minimum, it is withheld with all that would give it away; what the
-- landlord itself did is told.
-- Agencies add up to the company: where a figure is withheld of one agency alone, it is of the one with the fewest onsets too.
-- grain: level, slice_id
-- columns:
--   level                    company or agency
--   slice_id                 the slice
--   suppressed               whether onsets and those caught are withheld
--   first_month              month of the first list
--   last_month               month of the last list
--   lists                    month ends whose list is told
--   listed                   households on a list: the landlord's own doing
--   contacted                of these, those contacted or helped: the landlord's own doing
--   jaccard                  mean of the months' likeness to the list before
--   households_listed        distinct households on the lists of half a year, the mean of the months
--   onsets                   households that fell within the horizon of a list
--   caught                   of these, those on that list
--   not_listed               the others
--   missed                   of these, those that could have been on it
--   left_out                 of these, those left out of it for a reason
--   spared                   on a list, contacted or helped, and did not fall
--   false_alarms             on a list, left alone, and did not fall
--   caught_alone             on a list, left alone, and fell
--   precision_uncontacted    caught_alone over caught_alone and false_alarms
--   lead_days_median         median days from the list to the fall of those caught
--   month_onsets             households that first owed a whole term, and of which lists can tell
--   alerted                  of these, those on a list from 183 to 30 days before
--   reached                  of these, those with whom someone spoke in time
--   alerted_before_onset     alerted over month_onsets
--   contacted_before_onset   reached over month_onsets
--   warning_days_median      median days from the first list to the fall
-- checks:
--   not suppressed or (onsets is null and caught is null and not_listed is null)
with setting as (
    select disclosure_minimum from strategy.setting
),
list_value as (
    select
        level, slice_id, first_month, last_month, lists, listed, jaccard, households_listed, contacted, onsets, caught, missed,
        left_out, spared, false_alarms, caught_alone, precision_uncontacted, lead_days_median, month_onsets, alerted, reached,
        alerted_before_onset, contacted_before_onset, warning_days_median
    from prevention.list_value
    where level in ('company', 'agency')
),
counted as (
    select
        list_value.*,
        list_value.missed + list_value.left_out as not_listed,
        list_value.caught - list_value.caught_alone as caught_contacted,
        list_value.month_onsets - list_value.alerted as not_alerted,
        list_value.alerted - list_value.reached as not_reached,
        setting.disclosure_minimum as minimum
    from list_value
    cross join setting
),
judged as (
    select
        *,
        coalesce(onsets between 1 and minimum or caught between 1 and minimum or not_listed between 1 and minimum, false) as few_found,
        coalesce(missed between 1 and minimum or left_out between 1 and minimum, false) as few_split,
        coalesce(caught_alone between 1 and minimum or caught_contacted between 1 and minimum, false) as few_alone,
        coalesce(
            month_onsets between 1 and minimum or alerted between 1 and minimum or not_alerted between 1 and minimum, false
        ) as few_warned,
        coalesce(reached between 1 and minimum or not_reached between 1 and minimum, false) as few_spoken
    from counted
),
placed as (
    select
        *,
        count(*) filter (where few_found) over (partition by level) as n_found,
        row_number() over (partition by level, few_found order by coalesce(onsets, 0) = 0, onsets, slice_id) as turn_found,
        count(*) filter (where few_split) over (partition by level) as n_split,
        row_number() over (partition by level, few_split order by coalesce(onsets, 0) = 0, onsets, slice_id) as turn_split,
        count(*) filter (where few_alone) over (partition by level) as n_alone,
        row_number() over (partition by level, few_alone order by coalesce(onsets, 0) = 0, onsets, slice_id) as turn_alone,
        count(*) filter (where few_warned) over (partition by level) as n_warned,
        row_number() over (partition by level, few_warned order by coalesce(onsets, 0) = 0, onsets, slice_id) as turn_warned,
        count(*) filter (where few_spoken) over (partition by level) as n_spoken,
        row_number() over (partition by level, few_spoken order by coalesce(onsets, 0) = 0, onsets, slice_id) as turn_spoken
    from judged
),
decided as (
    select
        *,
        few_found or (level = 'agency' and n_found = 1 and turn_found = 1) as own_found,
        few_split or (level = 'agency' and n_split = 1 and turn_split = 1) as own_split,
        few_alone or (level = 'agency' and n_alone = 1 and turn_alone = 1) as own_alone,
        few_warned or (level = 'agency' and n_warned = 1 and turn_warned = 1) as own_warned,
        few_spoken or (level = 'agency' and n_spoken = 1 and turn_spoken = 1) as own_spoken
    from placed
),
withheld as (
    select
        *,
        own_found as withheld_found,
        own_split or own_found as withheld_split,
        own_alone or own_found as withheld_alone,
        own_warned as withheld_warned,
        own_spoken or own_warned as withheld_spoken
    from decided
),
published as (
    select
        level,
        slice_id,
        withheld_found as suppressed,
        first_month,
        last_month,
        lists,
        listed,
        contacted,
        jaccard,
        households_listed,
        case when not withheld_found then onsets end as onsets,
        case when not withheld_found then caught end as caught,
        case when not withheld_found then not_listed end as not_listed,
        case when not withheld_split then missed end as missed,
        case when not withheld_split then left_out end as left_out,
        case when not withheld_alone then spared end as spared,
        case when not withheld_alone then false_alarms end as false_alarms,
        case when not withheld_alone then caught_alone end as caught_alone,
        case when not withheld_alone then precision_uncontacted end as precision_uncontacted,
        case when not withheld_found then lead_days_median end as lead_days_median,
        case when not withheld_warned then month_onsets end as month_onsets,
        case when not withheld_warned then alerted end as alerted,
        case when not withheld_spoken then reached end as reached,
        case when not withheld_warned then alerted_before_onset end as alerted_before_onset,
        case when not withheld_spoken then contacted_before_onset end as contacted_before_onset,
        case when not withheld_warned then warning_days_median end as warning_days_median
    from withheld
)
select * from published
