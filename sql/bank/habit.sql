-- Payers whose amounts tell more than their words: month after month exactly what one lease was asked, which nobody named as
-- theirs, and which changed at least once. Where two leases or two payers come into question, nothing is learnt. Strong
-- enough to propose the lease to a person, not to decide alone.
-- grain: payer_account
-- columns:
--   payer_account  the payer's account
--   lease_id       the lease
--   months         months in which it paid exactly what the lease was asked
-- checks:
--   months >= 2
with setting as (
    select minimum_receipts from strategy.bank
),
receipt as (
    select receipt_id, date_trunc('month', value_on)::date as month, amount, payer_account from bank.receipt where amount > 0
),
claim as (
    select receipt_id, lease_id from bank.claim
),
asked as (
    select lease_id, month, asked from bank.asked
),
nameless as (
    select receipt.receipt_id, receipt.month, receipt.amount, receipt.payer_account
    from receipt
    anti join claim on receipt.receipt_id = claim.receipt_id
    where receipt.payer_account is not null
),
paid as (
    select distinct claim.lease_id, receipt.month
    from claim
    inner join receipt on claim.receipt_id = receipt.receipt_id
),
unpaid as (
    select asked.lease_id, asked.month, asked.asked
    from asked
    anti join paid on asked.lease_id = paid.lease_id and asked.month = paid.month
),
coincidence as (
    select
        nameless.payer_account,
        unpaid.lease_id,
        count(distinct nameless.month) as months,
        count(distinct nameless.amount) as amounts
    from nameless
    inner join unpaid on nameless.month = unpaid.month and nameless.amount = unpaid.asked
    group by nameless.payer_account, unpaid.lease_id
),
more_than_chance as (
    select
        coincidence.payer_account,
        coincidence.lease_id,
        coincidence.months,
        coincidence.amounts,
        count(*) over (partition by coincidence.payer_account) as leases,
        count(*) over (partition by coincidence.lease_id) as payers
    from coincidence
    where coincidence.months >= 2
),
learnt as (
    select more_than_chance.payer_account, more_than_chance.lease_id, more_than_chance.months
    from more_than_chance
    cross join setting
    where
        more_than_chance.leases = 1
        and more_than_chance.payers = 1
        and more_than_chance.amounts >= 2
        and more_than_chance.months >= setting.minimum_receipts
)
select * from learnt
