-- Receipts that wait, with the leases they may belong to, most plausible first: those that the receipt names in spite of a
-- doubt, those whose reference is near, those that its payer pays for, as far as is known or its habit tells, other leases
-- of the same household, and those that were asked exactly its amount about then. More than the configured number is no
-- help and is left out.
-- grain: receipt_id, lease_id
-- columns:
--   receipt_id  the receipt
--   lease_id    a lease that it may belong to
--   why         what speaks for it, joined by +: landlord, end_to_end, mandate, reference, moved, near_reference, payer, habit, household, amount
--   rank        1 for the most plausible
-- checks:
--   rank >= 1
with setting as (
    select candidates, settling_days from strategy.bank
),
night as (
    select as_of from strategy.night
),
receipt as (
    select receipt_id, booked_on, value_on, amount, payer_account from bank.receipt where amount <> 0
),
match as (
    select receipt_id from bank.match
),
own_account as (
    select id, lease_id, received_on, amount from contract.unmatched_receipt
),
claim as (
    select receipt_id, lease_id, rule from bank.claim
),
near as (
    select receipt_id, lease_id from bank.near
),
contradicted as (
    select receipt_id, other_lease from bank.contradicted where other_lease is not null
),
payer as (
    select payer_account, lease_id, 'payer' as why from bank.payer
    union all
    select payer_account, lease_id, 'habit' as why from bank.habit
),
lease as (
    select lease_id, household_id, start_on, end_on from bank.lease
),
asked as (
    select lease_id, month, asked from bank.asked
),
waiting as (
    select receipt.receipt_id, receipt.value_on, receipt.amount, receipt.payer_account
    from receipt
    anti join match on receipt.receipt_id = match.receipt_id
    cross join night
    where receipt.booked_on <= night.as_of
),
about_then as (
    select lease_id, (month + to_months(unnest([-1, 0, 1])))::date as month, asked from asked
),
same_amount as (
    select distinct waiting.receipt_id, about_then.lease_id
    from waiting
    inner join about_then on date_trunc('month', waiting.value_on)::date = about_then.month and waiting.amount = about_then.asked
    inner join lease on about_then.lease_id = lease.lease_id
    cross join setting
    where
        waiting.value_on >= lease.start_on
        and (lease.end_on is null or waiting.value_on <= lease.end_on + setting.settling_days)
),
guess as (
    select own_account.id as receipt_id, own_account.lease_id, 'landlord' as why, 1 as weight
    from own_account
    inner join lease on own_account.lease_id = lease.lease_id
    cross join night
    where own_account.received_on <= night.as_of
    union all
    select waiting.receipt_id, claim.lease_id, claim.rule as why, 2 as weight
    from waiting
    inner join claim on waiting.receipt_id = claim.receipt_id
    union all
    select waiting.receipt_id, contradicted.other_lease as lease_id, 'moved' as why, 3 as weight
    from waiting
    inner join contradicted on waiting.receipt_id = contradicted.receipt_id
    union all
    select waiting.receipt_id, near.lease_id, 'near_reference' as why, 3 as weight
    from waiting
    inner join near on waiting.receipt_id = near.receipt_id
    union all
    select waiting.receipt_id, payer.lease_id, payer.why, 4 as weight
    from waiting
    inner join payer on waiting.payer_account = payer.payer_account
    union all
    select waiting.receipt_id, other.lease_id, 'household' as why, 5 as weight
    from waiting
    inner join payer on waiting.payer_account = payer.payer_account
    inner join lease on payer.lease_id = lease.lease_id
    inner join lease as other on lease.household_id = other.household_id and lease.lease_id <> other.lease_id
    where waiting.value_on >= other.start_on and waiting.value_on <= coalesce(other.end_on, waiting.value_on)
    union all
    select receipt_id, lease_id, 'amount' as why, 6 as weight from same_amount
),
distinct_guess as (
    select distinct receipt_id, lease_id, why, weight from guess
),
weighed as (
    select receipt_id, lease_id, string_agg(why, '+' order by weight, why) as why, sum(1 / weight) as strength
    from distinct_guess
    group by receipt_id, lease_id
),
ranked as (
    select
        weighed.receipt_id,
        weighed.lease_id,
        weighed.why,
        row_number() over (partition by weighed.receipt_id order by weighed.strength desc, weighed.lease_id)::integer as rank,
        setting.candidates
    from weighed
    cross join setting
    qualify rank <= candidates
),
listed as (
    select receipt_id, lease_id, why, rank from ranked
)
select * from listed
