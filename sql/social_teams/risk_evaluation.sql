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
with evaluation as (
    select
        question, model, model_fr, position, is_serving, caught_share, caught_low, caught_high, precision, auc, households, onsets
    from directors.risk_evaluation
)
select * from evaluation
