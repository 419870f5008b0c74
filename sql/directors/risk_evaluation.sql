-- How the model and what competes with it did on past month ends that none of them knew, with lists as long as the teams can call.
-- Figures on few households are withheld.
-- grain: question, model
-- columns:
--   question      onset or worsening
--   model         champion, challenger, logistic or rule:<name>
--   model_fr      the same in words
--   position      its place: what serves, then the share caught
--   is_serving    whether it serves tonight
--   caught_share  share of the onsets that would have been on a list
--   caught_low    lower end of its 95% interval, by household
--   caught_high   upper end
--   precision     share of the households listed that fell
--   auc           share of pairs that it ranks rightly
--   households    households asked about, once a date
--   onsets        of which fell; null where they are few
with setting as (
    select disclosure_minimum from strategy.setting
),
model as (
    select question, served, verdict, rule_name, recipe from risk.model
),
evaluation as (
    select question, model, rule_fr, metric, value, low, high, households, onsets
    from risk.evaluation
    where origin = 'pooled' and stratum = 'all' and metric in ('recall', 'precision', 'auc')
),
wide as (
    select
        question,
        model,
        any_value(rule_fr) as rule_fr,
        max(value) filter (where metric = 'recall') as caught_share,
        max(low) filter (where metric = 'recall') as caught_low,
        max(high) filter (where metric = 'recall') as caught_high,
        max(value) filter (where metric = 'precision') as precision,
        max(value) filter (where metric = 'auc') as auc,
        max(households) as households,
        max(onsets) as onsets
    from evaluation
    group by question, model
),
serving as (
    select
        wide.*,
        case
            when model.served = 'rule' then wide.model = 'rule:' || model.rule_name
            when model.verdict = 'kept' then wide.model = 'champion'
            when model.recipe = 'logistic' then wide.model = 'logistic'
            else wide.model = 'challenger'
        end as is_serving
    from wide
    inner join model on wide.question = model.question
),
worded as (
    select
        serving.question,
        serving.model,
        case serving.model
            when 'challenger' then if(serving.is_serving, 'Le modèle', 'Un modèle plus détaillé')
            when 'champion' then if(serving.is_serving, 'Le modèle', 'Le modèle précédent')
            when 'logistic' then if(serving.is_serving, 'Le modèle (une régression logistique)', 'Une régression logistique')
            else 'Règle : ' || serving.rule_fr
        end as model_fr,
        row_number() over (
            partition by serving.question
            order by not serving.is_serving, serving.caught_share desc nulls last, serving.model
        )::integer as position,
        serving.is_serving,
        if(serving.onsets > setting.disclosure_minimum, serving.caught_share, null) as caught_share,
        if(serving.onsets > setting.disclosure_minimum, serving.caught_low, null) as caught_low,
        if(serving.onsets > setting.disclosure_minimum, serving.caught_high, null) as caught_high,
        if(serving.onsets > setting.disclosure_minimum, serving.precision, null) as precision,
        serving.auc,
        serving.households::integer as households,
        if(serving.onsets between 1 and setting.disclosure_minimum, null, serving.onsets)::integer as onsets
    from serving
    cross join setting
)
select * from worded
