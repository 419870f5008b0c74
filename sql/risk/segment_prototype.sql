-- What each learnt type of payment behaviour is like: one row per type and figure of risk.behaviour.
-- models/payment-behaviour/prototypes.ts starts from the type that vigie ships and learns this landlord's own from its households
-- of the last closings (strategy, behaviour): the fewer of a type, the more the shipped one holds.
-- kind: computed
-- from: risk.behaviour
-- grain: segment, figure
-- columns:
--   segment    the type
--   figure     the figure of risk.behaviour
--   archetype  the shipped value; null where the figure is no part of the type
--   prototype  the value learnt from this landlord's households; null as before
--   learnt_from  household-months that are clearly of the type, from which it was learnt
-- checks:
--   prototype between 0 and 1
--   (archetype is null) = (prototype is null)
select
    null::varchar as segment,
    null::varchar as figure,
    null::double as archetype,
    null::double as prototype,
    null::integer as learnt_from
where false
