-- The card of what serves, in words: written at each training and kept with the model.
-- kind: computed
-- from:
--   contract.action, contract.entry, prevention.capacity, risk.cohort, risk.drawn, risk.feature, risk.feature_level,
--   risk.feature_meaning, risk.label, risk.origin
-- grain: question, position
-- columns:
--   question  onset, or worsening
--   section   purpose, limits, data, figures, drift or decision
--   position  order of the paragraphs, over all sections
--   title_fr  title of the section
--   text_fr   one paragraph
select
    null::varchar as question,
    null::varchar as section,
    null::integer as position,
    null::varchar as title_fr,
    null::varchar as text_fr
where false
