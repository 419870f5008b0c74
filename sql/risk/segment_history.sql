-- One row per present residential lease and closing: the household's type of payment behaviour.
-- Every closing is told by tonight's types, so that a move is a household's and never the yardstick's. A household keeps its type
-- until it is clearly nearer to another, or for some closings in a row (strategy, behaviour; models/payment-behaviour/membership.ts).
-- kind: computed
-- from: risk.behaviour, risk.segment_prototype
-- grain: lease_id, month
-- columns:
--   lease_id  the lease
--   month     first day of the closing's month
--   segment   the type: a learnt one (risk.segment_prototype), new or unknown
-- checks:
--   segment is not null
select null::varchar as lease_id, null::date as month, null::varchar as segment
where false
