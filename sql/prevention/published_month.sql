-- prevention.list_month of the whole company as readers may see it who see no household.
-- Where a count of households in arrears lies from 1 to the strategy's minimum, it is withheld with all that would give it away; what the
-- landlord itself did is told.
-- grain: month
-- columns:
--   month                    the month
--   suppressed               whether onsets and those caught are withheld
--   given                    whether the list at the month's end had been given to the teams; else it is replayed
--   listed                   households on it: the landlord's own doing
--   contacted                of these, those contacted or helped: the landlord's own doing
--   jaccard                  likeness to the list of the month before
--   households_listed        distinct households on the lists from 183 to 30 days before the month's end
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
list_month as (
    select
        month, given, listed, jaccard, households_listed, contacted, onsets, caught, missed, left_out, spared, false_alarms,
        caught_alone, precision_uncontacted, lead_days_median, month_onsets, alerted, reached, alerted_before_onset,
        contacted_before_onset, warning_days_median
    from prevention.list_month
    where level = 'company'
),
counted as (
    select
        list_month.*,
        list_month.missed + list_month.left_out as not_listed,
        list_month.caught - list_month.caught_alone as caught_contacted,
        list_month.month_onsets - list_month.alerted as not_alerted,
        list_month.alerted - list_month.reached as not_reached,
        setting.disclosure_minimum as minimum
    from list_month
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
withheld as (
    select
        *,
        few_found as withheld_found,
        few_split or few_found as withheld_split,
        few_alone or few_found as withheld_alone,
        few_warned as withheld_warned,
        few_spoken or few_warned as withheld_spoken
    from judged
),
published as (
    select
        month,
        withheld_found as suppressed,
        given,
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
