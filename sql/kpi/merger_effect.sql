-- What followed a merger, for all merged agencies together and for each: the mean over the closings after it, in the
-- indicator's unit, once the households' mix is taken out.
-- difference_in_differences: held against the agencies not yet merged at the time. before_after: held against nothing, where no
-- agency can serve, or where the company was made of two landlords or fewer, or nobody says how many; it proves nothing.
-- grain: agency_id, indicator_id
-- columns:
--   agency_id       today's agency, or all
--   indicator_id    share_1_term, share_3_terms or onset_rate
--   merged_on       first day of the merger; null for all
--   estimate        change since the closings before the merger, less that of the agencies not yet merged; a share: 0.01 is one point
--   low             lower end of the 95% interval; null where it cannot be told
--   high            upper end
--   p_value         share of the ways to hand merger dates round among agencies that give as much; null where nothing is held against
--   p_value_before  the same for the months before the merger: small where agencies did not evolve alike even then
--   controls        agencies not yet merged that it was held against
--   basis           difference_in_differences or before_after
--   statement_fr    what may be said of it
-- checks:
--   basis in ('difference_in_differences', 'before_after')
--   (basis = 'before_after') = (p_value is null)
--   basis = 'difference_in_differences' or controls = 0
--   low is null or low <= estimate
--   high is null or estimate <= high
--   p_value is null or p_value between 0 and 1
with merger_study as (
    select
        agency_id, indicator_id, relative_month, merged_on, estimate, low, high, p_value, p_value_before, controls, basis,
        statement_fr
    from kpi.merger_study
),
overall as (
    select
        agency_id, indicator_id, merged_on, estimate, low, high, p_value, p_value_before, controls, basis, statement_fr
    from merger_study
    where relative_month is null
)
select * from overall
