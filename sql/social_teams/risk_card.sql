-- The card of what serves, in words.
-- grain: question, position
-- columns:
--   question  onset or worsening
--   section   purpose, limits, data, figures, drift or decision
--   position  order of the paragraphs
--   title_fr  title of the section
--   text_fr   one paragraph
with card as (
    select question, section, position, title_fr, text_fr from directors.risk_card
)
select * from card
