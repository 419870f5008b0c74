-- One row per comparison and household at risk: how likely its treatment was, and whom it is compared with.
-- models/effects/risk-set-matching.ts learns the probabilities and finds the matches from effect.covariate.
-- kind: computed
-- from: effect.comparison, effect.covariate, effect.outcome
-- grain: comparison_id, lease_id, month, treated
-- columns:
--   comparison_id      the comparison
--   lease_id           the lease
--   month              first day of the month
--   treated            whether the household had the treatment of the comparison that day
--   on_date            the day
--   household_id       the household
--   propensity         probability of being treated that day, as learnt from what was known the evening before
--   weight             1 for a treated household with a comparison; for another, how many treated ones it stands for; else 0
--   later              whether an untreated household had the treatment later in the same month
--   expected_cured     probability of a cure without the treatment, as learnt from the untreated
--   expected_relapsed  the same for a cure and a relapse
-- checks:
--   propensity >= 0 and propensity <= 1
--   weight >= 0
--   not treated or weight <= 1
select
    null::varchar as comparison_id,
    null::varchar as lease_id,
    null::date as month,
    null::boolean as treated,
    null::date as on_date,
    null::varchar as household_id,
    null::double as propensity,
    null::double as weight,
    null::boolean as later,
    null::double as expected_cured,
    null::double as expected_relapsed
where false
