-- What followed mergers and what went before, as models/merger-effect tells it, for all merged agencies together and for
-- each, once the households' mix is taken out. Read kpi.merger_effect and kpi.merger_path, which are made of it.
-- kind: computed
-- from: kpi.compared, kpi.mix, kpi.merger, arrears.closing
-- grain: agency_id, indicator_id, relative_month
-- columns:
--   agency_id       today's agency, or all
--   indicator_id    share_1_term, share_3_terms or onset_rate
--   relative_month  closings since the merger's own month, 0; null for the mean over the closings after the merger
--   merged_on       first day of the merger; null for all
--   estimate        change since the closings before the merger, less that of the agencies not yet merged; a share: 0.01 is one point
--   low             lower end of the 95% interval; null where it cannot be told
--   high            upper end
--   p_value         share of the ways to hand merger dates round among agencies that give as much; null for a month, or without controls
--   p_value_before  the same for the months before the merger
--   controls        agencies not yet merged that it was held against
--   basis           difference_in_differences or before_after
--   statement_fr    what may be said of the mean; null for a month
-- checks:
--   basis in ('difference_in_differences', 'before_after')
--   low is null or low <= estimate
--   high is null or estimate <= high
--   (relative_month is null) = (statement_fr is not null)
select
    null::varchar as agency_id,
    null::varchar as indicator_id,
    null::integer as relative_month,
    null::date as merged_on,
    null::double as estimate,
    null::double as low,
    null::double as high,
    null::double as p_value,
    null::double as p_value_before,
    null::integer as controls,
    null::varchar as basis,
    null::varchar as statement_fr
where false
