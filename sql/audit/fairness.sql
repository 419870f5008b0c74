-- Whether lists tell of all groups alike, as anyone may read it: a group is treated fairly where the whole 95% interval of its gap
-- lies within the strategy's margin, unfairly where it lies wholly beyond, and else too few have fallen to tell.
-- Beside it the false omission rate: of those who were not listed, the share that fell. Figures of few households in arrears are
-- withheld, and those of one more group where a single one would stand out; the verdict is told all the same.
-- grain: attribute, group_key
-- columns:
--   attribute            age_band, sex, household_size or agency
--   group_key            the group
--   position             its place: attributes, then groups
--   attribute_fr         the attribute in words
--   group_fr             the group in words
--   verdict              fair, unfair or too_few
--   verdict_fr           in words
--   suppressed           whether the figures are withheld
--   households           households of the group that fell, each counted once
--   recall               share of the group's falls that a list had told of
--   gap                  that share less the others', at equal capacity
--   low                  lower bound of its 95% interval
--   high                 upper bound
--   false_omission_rate  falls among households that could have been listed and were not
-- checks:
--   not suppressed or (households is null and recall is null and gap is null and false_omission_rate is null)
--   group_fr is not null and attribute_fr is not null and verdict_fr is not null
-- releases:
--   contract.household_audit  shares and counts of whole groups, withheld where few households stand behind them
with setting as (
    select disclosure_minimum from strategy.setting
),
recall_gap as (
    select attribute, group_key, households, recall, gap, low, high, verdict from audit.recall_gap
),
fairness_case as (
    select household_id, agency_id, age_band, sex, household_size, listed, outcome from audit.fairness_case
),
comparison_band as (
    select band, label_fr, position from strategy.comparison_band where dimension = 'household_size'
),
agency as (
    select distinct agency_id, name from ledger.agency_today
),
grouped as (
    select 'age_band' as attribute, age_band as group_key, household_id, listed, outcome from fairness_case
    union all
    select 'sex' as attribute, sex as group_key, household_id, listed, outcome from fairness_case
    union all
    select 'household_size' as attribute, household_size as group_key, household_id, listed, outcome from fairness_case
    union all
    select 'agency' as attribute, agency_id as group_key, household_id, listed, outcome from fairness_case
),
counted as (
    select
        attribute,
        group_key,
        count(distinct household_id) filter (where outcome and listed) as caught,
        count(distinct household_id) filter (where outcome and not listed) as missed,
        count(*) filter (where outcome and not listed) / nullif(count(*) filter (where not listed), 0) as false_omission_rate
    from grouped
    where group_key is not null
    group by attribute, group_key
),
word as (
    select
        'age_band' as attribute,
        unnest(['under_25', '25_34', '35_49', '50_64', '65_74', '75_plus']) as group_key,
        unnest(
            ['Moins de 25 ans', 'De 25 à 34 ans', 'De 35 à 49 ans', 'De 50 à 64 ans', 'De 65 à 74 ans', '75 ans et plus']
        ) as group_fr,
        unnest([1, 2, 3, 4, 5, 6]) as place
    union all
    select
        'sex' as attribute,
        unnest(['female', 'male', 'other']) as group_key,
        unnest(['Femmes', 'Hommes', 'Autre']) as group_fr,
        unnest([1, 2, 3]) as place
    union all
    select 'household_size' as attribute, band as group_key, label_fr as group_fr, position as place
    from comparison_band
    union all
    select 'agency' as attribute, agency_id as group_key, name as group_fr, 0 as place
    from agency
),
judged as (
    select
        recall_gap.*,
        counted.false_omission_rate,
        word.group_fr,
        word.place,
        recall_gap.households between 1 and setting.disclosure_minimum
        or counted.caught between 1 and setting.disclosure_minimum
        or counted.missed between 1 and setting.disclosure_minimum as is_few
    from recall_gap
    cross join setting
    inner join counted on recall_gap.attribute = counted.attribute and recall_gap.group_key = counted.group_key
    inner join word on recall_gap.attribute = word.attribute and recall_gap.group_key = word.group_key
),
placed as (
    select
        *,
        count(*) filter (where is_few) over (partition by attribute) as few_of_attribute,
        row_number() over (partition by attribute, is_few order by households = 0, households, group_key) as turn
    from judged
),
decided as (
    select *, is_few or (few_of_attribute = 1 and turn = 1) as suppressed from placed
),
fairness as (
    select
        attribute,
        group_key,
        row_number() over (
            order by list_position(['age_band', 'sex', 'household_size', 'agency'], attribute), place, group_fr, group_key
        )::integer as position,
        case attribute
            when 'age_band' then 'Âge du titulaire du bail'
            when 'sex' then 'Sexe du titulaire du bail'
            when 'household_size' then 'Taille du ménage'
            else 'Agence'
        end as attribute_fr,
        group_fr,
        verdict,
        case verdict
            when 'fair' then 'équitable'
            when 'unfair' then 'inéquitable'
            else 'trop peu pour le dire'
        end as verdict_fr,
        suppressed,
        case when not suppressed then households end as households,
        case when not suppressed then recall end as recall,
        case when not suppressed then gap end as gap,
        case when not suppressed then low end as low,
        case when not suppressed then high end as high,
        case when not suppressed then false_omission_rate end as false_omission_rate
    from decided
)
select * from fairness
