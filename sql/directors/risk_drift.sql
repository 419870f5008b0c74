-- Whether tonight's households still look like those that the model learnt from, what moved most first.
-- grain: question, feature
-- columns:
--   question   onset or worsening
--   feature    what the score reads; score for the probability
--   label_fr   the same in words
--   position   its place
--   psi        population stability index
--   usual      the largest that one past month end alone had
--   level      green, amber or red
--   level_fr   the same in words
--   action_fr  what is done about it
with drift as (
    select question, feature, label_fr, psi, usual, level, action_fr from risk.drift
),
worded as (
    select
        question,
        feature,
        upper(left(label_fr, 1)) || substring(label_fr, 2) as label_fr,
        row_number() over (
            partition by question
            order by feature <> 'score', case level when 'red' then 1 when 'amber' then 2 else 3 end, psi desc, feature
        )::integer as position,
        psi,
        usual,
        level,
        case level when 'green' then 'Stable' when 'amber' then 'À surveiller' else 'A changé' end as level_fr,
        action_fr
    from drift
)
select * from worded
