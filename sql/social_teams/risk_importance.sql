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
    select question, term, label_fr, position, importance, share from directors.risk_importance
)
select * from importance
