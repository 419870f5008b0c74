-- What each action did for those who had it, or why nothing can be told; figures on few households were withheld before.
-- grain: comparison_id, outcome
-- columns:
--   comparison_id  the comparison
--   position       its place in lists
--   basis          matched, or hold_back for households drawn at random
--   action         the action
--   outcome        what is looked at afterwards
--   label_fr       what is compared
--   outcome_fr     the outcome in words
--   treated        treated households whose outcome is known; null where they are few
--   matched        those with a comparison; null likewise
--   overlap_share  the one over the other
--   share_treated  share of the treated with the outcome; null where nothing is estimable
--   share_control  share that similar households had; null likewise
--   difference     the one less the other
--   low            lower end of its 95% interval
--   high           upper end
--   estimable      whether an effect can be told
--   statement_fr   what was found, or why nothing can be told
--   caveat_fr      what it cannot prove
-- checks:
--   estimable = (difference is not null)
with estimate as (
    select
        comparison_id, position, basis, action, outcome, label_fr, outcome_fr, treated, matched, overlap_share, share_treated,
        share_control, difference, low, high, estimable, statement_fr, caveat_fr
    from effect.estimate
)
select * from estimate
