-- By attribute and group: how much likelier its households were on a list before they fell into arrears than others in the same
-- agency (for agencies themselves: than those of agencies with lists of a like length), by models/household-risk/fairness.ts.
-- kind: computed
-- from: audit.fairness_case, strategy.risk
-- grain: attribute, group_key
-- columns:
--   attribute   age_band, sex, household_size or agency
--   group_key   the group
--   households  households of the group that fell, each counted once
--   recall      share of the group's falls that a list had told of
--   gap         the group's recall less that of the others, at equal capacity; null where nobody stands beside it
--   low         lower bound of its 95% interval
--   high        upper bound
--   verdict     fair, unfair or too_few
-- checks:
--   low <= gap and gap <= high
--   verdict in ('fair', 'unfair', 'too_few')
-- releases:
--   contract.household_audit  shares and counts of whole groups, over all past lists together
select
    null::varchar as attribute,
    null::varchar as group_key,
    null::integer as households,
    null::double as recall,
    null::double as gap,
    null::double as low,
    null::double as high,
    null::varchar as verdict
where false
