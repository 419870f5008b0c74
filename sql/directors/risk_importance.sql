-- What weighs most in the model's scores; nothing where a rule serves.
-- grain: question, term
-- columns:
--   question    onset or worsening
--   term        what the score reads
--   label_fr    the same in words
--   position    by falling weight; the twelve first
--   importance  mean of what it adds tonight, up or down
--   share       the same over that of the first
with importance as (
    select question, term, label_fr, position, importance from risk.importance where point = 0 and position <= 12
),
model as (
    select question from risk.model where served = 'model'
),
told as (
    select
        importance.question,
        importance.term,
        upper(left(importance.label_fr, 1)) || substring(importance.label_fr, 2) as label_fr,
        importance.position,
        importance.importance,
        coalesce(importance.importance / nullif(max(importance.importance) over (partition by importance.question), 0), 0) as share
    from importance
    inner join model on importance.question = model.question
)
select * from told
