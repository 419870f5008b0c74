-- Whether lists tell of all groups of households alike; figures of few households were withheld before (audit.fairness).
-- grain: attribute, group_key
-- columns:
--   attribute            age_band, sex, household_size or agency
--   group_key            the group
--   position             its place
--   attribute_fr         the attribute in words
--   group_fr             the group in words
--   verdict              fair, unfair or too_few
--   verdict_fr           the same in words
--   suppressed           whether the figures are withheld
--   households           households of the group that fell; null where withheld, as below
--   recall               share of these of whom a list had told
--   gap                  that share less the others', at equal capacity
--   low                  lower end of its 95% interval
--   high                 upper end
--   false_omission_rate  share that fell, of those that could have been listed and were not
with fairness as (
    select
        attribute, group_key, position, attribute_fr, group_fr, verdict, verdict_fr, suppressed, households, recall, gap, low, high,
        false_omission_rate
    from directors.risk_fairness
)
select * from fairness
