-- What the lists of the past were worth in each agency, all months together; counts that tell of few households are withheld before
-- (prevention.published_value).
-- grain: agency_id
-- columns:
--   agency_id        the agency
--   agency_fr        its name
--   position         its place in lists
--   listed           households on a list
--   contacted_share  share of these that were contacted or helped
--   onsets           households that first owed a whole term at a month end of which lists can tell; null where withheld, as below
--   caught_share     share of these that were on a list from 183 to 30 days before
--   suppressed       whether the two are withheld
with published as (
    select slice_id as agency_id, listed, contacted, month_onsets, alerted_before_onset
    from prevention.published_value
    where level = 'agency'
),
list_value as (
    select slice_id as agency_id, month_onsets from prevention.list_value where level = 'agency'
),
slice as (
    select distinct slice_id as agency_id, label, position from kpi.slice where level = 'agency'
),
told as (
    select
        published.agency_id,
        slice.label as agency_fr,
        slice.position,
        published.listed,
        (published.contacted / nullif(published.listed, 0))::double as contacted_share,
        published.month_onsets as onsets,
        published.alerted_before_onset::double as caught_share,
        list_value.month_onsets is not null and published.month_onsets is null as suppressed
    from published
    inner join list_value on published.agency_id = list_value.agency_id
    inner join slice on published.agency_id = slice.agency_id
)
select * from told
