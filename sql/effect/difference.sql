-- One row per comparison and outcome that could be told: the risk difference among the treated, with its 95% interval.
-- models/effects/risk-difference.ts computes it from the matched households, or from those drawn at random.
-- kind: computed
-- from: effect.comparison, effect.matched, effect.outcome, effect.hold_back
-- grain: comparison_id, outcome
-- columns:
--   comparison_id   the comparison; hold_back for the households drawn at random
--   outcome         cured_60_days, relapsed_6_months or lastingly_cured
--   treated         treated households with a comparison; for the hold-back, those not held back
--   households      households, treated and controls, that it rests on
--   share_treated   share of the treated with the outcome
--   share_control   share that would have had it without the treatment
--   difference      the one less the other
--   standard_error  its standard error, by household
--   low             lower bound of its 95% interval
--   high            upper bound
-- checks:
--   low <= difference and difference <= high
select
    null::varchar as comparison_id,
    null::varchar as outcome,
    null::integer as treated,
    null::integer as households,
    null::double as share_treated,
    null::double as share_control,
    null::double as difference,
    null::double as standard_error,
    null::double as low,
    null::double as high
where false
