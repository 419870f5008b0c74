-- Each agency beside what its households' situation led to expect, where statistical secrecy allows. Nothing is told where few
-- households stand behind the figure. Where one of its twelve months is withheld elsewhere, or it would be the one agency whose
-- value the others tell, only the ratio is: its value, and the limits that tell how much was expected, would give the month away.
-- grain: indicator_id, slice_id, month
-- columns:
--   indicator_id     the indicator
--   label_fr         its name
--   unit             its unit
--   good_direction   up or down
--   position         its place in lists
--   slice_id         the agency
--   slice_label      its name
--   month            last closing of the twelve that are compared
--   ratio            observed / expected; null when suppressed
--   low              lower end of its 95% interval
--   high             upper end
--   households       households seen in the twelve closings
--   raw_value        the figure as it is; null when withheld
--   expected_value   the figure that the households' situation led to expect; null when withheld
--   judged           false where households or expected cases are too few for a verdict
--   rank             place among the agencies judged; null when suppressed
--   rank_low         best place that cannot be excluded
--   rank_high        worst place that cannot be excluded
--   flag             worse, better or none
--   funnel_low_95    lower limit of the funnel at the agency's volume, 95%; null when the value is withheld, like the other limits
--   funnel_high_95   upper limit, 95%
--   funnel_low_998   lower limit, 99.8%
--   funnel_high_998  upper limit, 99.8%
--   overdispersed    whether agencies spread more than chance explains
--   suppressed       true when nothing but the number of households is told
-- checks:
--   not suppressed or (ratio is null and raw_value is null and rank is null)
with setting as (
    select disclosure_minimum from strategy.setting
),
standardised as (
    select
        indicator_id, slice_id, month, ratio, low, high, households, cases, raw_value, expected_value, judged, rank, rank_low,
        rank_high, flag, funnel_low_95, funnel_high_95, funnel_low_998, funnel_high_998, overdispersed
    from kpi.standardised
),
disclosure as (
    select indicator_id, slice_id, month from kpi.disclosure where level = 'agency'
),
indicator as (
    select indicator_id, label_fr, unit, good_direction, position from kpi.indicator
),
slice as (
    select distinct slice_id, label from kpi.slice where level = 'agency'
),
judged as (
    select
        standardised.*,
        standardised.cases between 1 and setting.disclosure_minimum as suppressed,
        standardised.cases between 1 and setting.disclosure_minimum
        or exists (
            select 1
            from disclosure
            where
                disclosure.indicator_id = standardised.indicator_id
                and disclosure.slice_id = standardised.slice_id
                and disclosure.month > standardised.month - interval 12 month
                and disclosure.month <= standardised.month
        ) as withheld
    from standardised
    cross join setting
),
closed as (
    select
        *,
        not withheld
        and not (
            count(*) filter (where withheld) over (partition by indicator_id, month) = 1
            and row_number() over (partition by indicator_id, month order by withheld, cases, slice_id) = 1
        ) as told
    from judged
),
published as (
    select
        closed.indicator_id,
        indicator.label_fr,
        indicator.unit,
        indicator.good_direction,
        indicator.position,
        closed.slice_id,
        slice.label as slice_label,
        closed.month,
        case when not closed.suppressed then closed.ratio end as ratio,
        case when not closed.suppressed then closed.low end as low,
        case when not closed.suppressed then closed.high end as high,
        closed.households,
        case when closed.told then closed.raw_value end as raw_value,
        case when closed.told then closed.expected_value end as expected_value,
        closed.judged and not closed.suppressed as judged,
        case when not closed.suppressed then closed.rank end as rank,
        case when not closed.suppressed then closed.rank_low end as rank_low,
        case when not closed.suppressed then closed.rank_high end as rank_high,
        case when closed.suppressed then 'none' else closed.flag end as flag,
        case when closed.told then closed.funnel_low_95 end as funnel_low_95,
        case when closed.told then closed.funnel_high_95 end as funnel_high_95,
        case when closed.told then closed.funnel_low_998 end as funnel_low_998,
        case when closed.told then closed.funnel_high_998 end as funnel_high_998,
        closed.overdispersed,
        closed.suppressed
    from closed
    inner join indicator on closed.indicator_id = indicator.indicator_id
    inner join slice on closed.slice_id = slice.slice_id
)
select * from published
