-- What became known of a residential account day by day: the entries of risk.known_posting, those known from one day and terms
-- from one day together.
-- grain: lease_id, known_on, matured_on
-- per: lease_id
-- columns:
--   lease_id      the lease
--   known_on      the day from which they are known to count
--   matured_on    of what is asked, and what reduces it: the day from which it is a term; null for what is received
--   amount        euros; asked positive, received negative
--   gross_call    the part that calls ask
--   benefit       housing benefit and rent rebate that reduce it
--   other_debits  the part that is asked beyond calls
--   clawback      the part that is housing benefit taken back
--   counts_on     the latest day on which any of them counts
-- checks:
--   clawback >= 0
with posting as (
    select lease_id, kind, flow, amount, counts_on, known_on, matured_on from risk.known_posting
),
summed as (
    select
        lease_id,
        known_on,
        matured_on,
        sum(amount)::decimal(14, 2) as amount,
        coalesce(sum(amount) filter (where flow = 'call'), 0)::decimal(14, 2) as gross_call,
        coalesce(-sum(amount) filter (where flow = 'benefit'), 0)::decimal(14, 2) as benefit,
        coalesce(sum(amount) filter (where flow = 'billing'), 0)::decimal(14, 2) as other_debits,
        coalesce(sum(amount) filter (where kind = 'housing_benefit' and amount > 0), 0)::decimal(14, 2) as clawback,
        max(counts_on) as counts_on
    from posting
    group by lease_id, known_on, matured_on
)
select * from summed
