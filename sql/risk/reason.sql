-- The reasons of a score, in words: what raises it most, then what lowers it most, as many of each as the strategy tells.
-- grain: lease_id, as_of, position
-- per: lease_id
-- columns:
--   lease_id      the lease
--   as_of         the night
--   question      onset or worsening
--   position      its place: those that raise the score first, the weightiest first on each side
--   reason_code   the reason, one or two features by name
--   text_fr       the reason in words
--   contribution  what it adds to the logarithm of the odds
--   side          raises or lowers
-- checks:
--   (side = 'raises') = (contribution > 0)
--   text_fr is not null
with setting as (
    select reasons_raising, reasons_lowering from strategy.risk
),
contribution as (
    select question, lease_id, as_of, position, reason_code, text_fr, contribution, side
    from risk.contribution
    where text_fr is not null and term <> 'others' and ((side = 'raises' and contribution > 0) or (side = 'lowers' and contribution < 0))
),
weighed as (
    select
        *,
        row_number() over (partition by question, lease_id, as_of, side order by abs(contribution) desc, position, reason_code)
            as weight
    from contribution
),
told as (
    select
        weighed.lease_id,
        weighed.as_of,
        weighed.question,
        row_number() over (
            partition by weighed.lease_id, weighed.as_of order by weighed.side desc, weighed.weight
        )::integer as position,
        weighed.reason_code,
        weighed.text_fr,
        weighed.contribution,
        weighed.side
    from weighed
    cross join setting
    where weighed.weight <= case weighed.side when 'raises' then setting.reasons_raising else setting.reasons_lowering end
)
select * from told
