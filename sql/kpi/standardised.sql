-- Each of today's agencies beside what its households' mix lets expect: indirect standardisation over twelve closings.
-- Expected: what the company as a whole would show with the agency's households (tenure, rent burden, household size,
-- dwelling type, benefit paid to the landlord or not). A ratio above 1: more than that. The interval counts a household
-- once however many closings it is seen at, and knows that the expectation is estimated: see models/standardisation.
-- kind: computed
-- from: kpi.compared, kpi.mix, arrears.closing
-- grain: indicator_id, slice_id, month
-- columns:
--   indicator_id       share_1_term, share_2_terms, share_3_terms, share_12_months, share_late or onset_rate
--   slice_id           the agency
--   month              last closing of the window
--   observed           lease-months with the indicator's case in the window
--   expected           those that the mix lets expect
--   ratio              observed / expected
--   low                lower end of the ratio's 95% interval
--   high               upper end
--   households         households seen in the window
--   cases              of these, those with a case at least once
--   lease_months       lease-months that the indicator counts
--   raw_value          observed / lease_months
--   expected_value     expected / lease_months
--   judged             false where households or expected cases are too few: shown, not judged
--   rank               place among the agencies judged, 1 the smallest ratio; null where not judged
--   rank_low           best place that cannot be excluded (95%)
--   rank_high          worst place that cannot be excluded (95%)
--   flag               worse or better where the interval excludes 1, else none
--   funnel_low_95      within these, an agency of this volume that is like the others lies in 95 cases of 100
--   funnel_high_95     the same, above
--   funnel_low_998     within these, in 998 cases of 1,000
--   funnel_high_998    the same, above
--   between_agencies   how far the agencies' ratios truly spread, as a standard deviation of their logarithm
--   overdispersed      whether they spread more than chance explains, at 5%
-- checks:
--   low <= ratio and ratio <= high
--   cases between 0 and households
--   flag in ('better', 'worse', 'none') and (judged or flag = 'none')
--   (rank is null) = (rank_low is null) and (rank is null) = (rank_high is null)
--   rank is null or (judged and rank between rank_low and rank_high)
--   funnel_low_998 <= funnel_low_95 and funnel_high_95 <= funnel_high_998
select
    null::varchar as indicator_id,
    null::varchar as slice_id,
    null::date as month,
    null::double as observed,
    null::double as expected,
    null::double as ratio,
    null::double as low,
    null::double as high,
    null::integer as households,
    null::integer as cases,
    null::integer as lease_months,
    null::double as raw_value,
    null::double as expected_value,
    null::boolean as judged,
    null::integer as rank,
    null::integer as rank_low,
    null::integer as rank_high,
    null::varchar as flag,
    null::double as funnel_low_95,
    null::double as funnel_high_95,
    null::double as funnel_low_998,
    null::double as funnel_high_998,
    null::double as between_agencies,
    null::boolean as overdispersed
where false
