-- The households and dates whose features are told: all of them tonight and on the newest past dates, where lists are replayed;
-- of the older ones all that fell into arrears, and others drawn by a hash, so that what is learnt from stays near what the strategy
-- allows. A drawn household stands for as many as its weight says.
-- grain: question, as_of, lease_id
-- columns:
--   question  onset or worsening
--   as_of     the date
--   lease_id  the lease
--   weight    1, or the inverse of the share drawn
-- checks:
--   weight >= 1
with risk as (
    select training_rows, replayed_origins, seed from strategy.risk
),
origin as (
    select as_of, place from risk.origin
),
cohort as (
    select question, as_of, lease_id from risk.cohort
),
label as (
    select question, as_of, lease_id, outcome from risk.label
),
placed as (
    select
        cohort.question,
        cohort.as_of,
        cohort.lease_id,
        origin.place > risk.replayed_origins and not label.outcome as may_be_drawn,
        origin.place > 0 and (origin.place <= risk.replayed_origins or label.outcome) as is_kept
    from cohort
    cross join risk
    inner join origin on cohort.as_of = origin.as_of
    left join label
        on cohort.question = label.question and cohort.as_of = label.as_of and cohort.lease_id = label.lease_id
),
share as (
    select
        placed.question,
        least(
            greatest(
                (any_value(risk.training_rows) - count(*) filter (where placed.is_kept))
                / nullif(count(*) filter (where placed.may_be_drawn), 0),
                0.05
            ),
            1
        ) as share
    from placed
    cross join risk
    group by placed.question
),
drawn as (
    select
        placed.question,
        placed.as_of,
        placed.lease_id,
        case when placed.may_be_drawn then 1 / share.share else 1 end::double as weight
    from placed
    cross join risk
    inner join share on placed.question = share.question
    where not placed.may_be_drawn
        or ('0x' || left(md5(placed.lease_id || ' ' || placed.as_of || ' ' || risk.seed), 8))::bigint / 4294967296 < share.share
)
select * from drawn
