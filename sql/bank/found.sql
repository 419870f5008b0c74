-- The receipts whose lease is told by what they say and by who pays, and how. What is not sure is left out; bank.match then
-- leaves out what the account of an ended lease has no room for.
-- A receipt that names one lease, which nothing contradicts, belongs to it. Money given back belongs to the lease of its
-- collection. A receipt that names none belongs to the one lease that its payer pays for, where the landlord knows the
-- account or it has paid often enough, the lease was running, the amount is one that was asked about then or that this
-- account has paid for the lease before, the account never paid it twice in a month, never gave a reference that leads
-- elsewhere, and has not sent more in all than the lease was asked. A reference that is almost right counts where it is near
-- one lease's only, the amount is what this lease was asked and the account pays for no other alone.
-- grain: receipt_id
-- columns:
--   receipt_id     the receipt
--   lease_id       its lease
--   rule           end_to_end, mandate, reference, return, payer or near_reference
--   collection_id  the receipt that it takes back, where known
with setting as (
    select minimum_receipts, tolerance_euros, settling_days from strategy.bank
),
receipt as (
    select receipt_id, value_on, amount, payer_account from bank.receipt
),
claim as (
    select receipt_id, lease_id, rule, doubt from bank.claim
),
contradicted as (
    select receipt_id from bank.contradicted
),
returned as (
    select receipt_id, collection_id from bank.returned
),
payer as (
    select payer_account, lease_id, receipts, leases from bank.payer
),
declared as (
    select reference as payer_account, lease_id, valid_from from bank.reference where kind = 'payer_account'
),
near as (
    select receipt_id, lease_id from bank.near
),
unknown_reference as (
    select receipt_id from bank.unknown_reference
),
moved as (
    select receipt_id, lease_id from bank.moved
),
lease as (
    select lease_id, start_on, end_on, in_all from bank.lease
),
asked as (
    select lease_id, month, asked from bank.asked
),
named as (
    select claim.receipt_id, claim.lease_id, claim.rule
    from claim
    anti join contradicted on claim.receipt_id = contradicted.receipt_id
    where claim.doubt is null
),
nameless as (
    select
        receipt.receipt_id,
        receipt.value_on,
        receipt.amount,
        receipt.payer_account,
        date_trunc('month', receipt.value_on)::date as month
    from receipt
    anti join claim on receipt.receipt_id = claim.receipt_id
    where receipt.amount > 0
),
month_paid as (
    select payer_account, date_trunc('month', value_on)::date as month, amount, count(*) as receipts
    from receipt
    where payer_account is not null and amount > 0
    group by all
),
paid_twice as (
    select distinct payer_account, amount from month_paid where receipts > 1
),
paid_before as (
    select distinct receipt.payer_account, named.lease_id, receipt.amount
    from named
    inner join receipt on named.receipt_id = receipt.receipt_id
    where receipt.payer_account is not null and receipt.amount > 0
),
sent as (
    select payer_account, sum(amount) as amount from receipt where payer_account is not null and amount > 0 group by payer_account
),
about_then as (
    select lease_id, (month + to_months(unnest([-1, 0, 1])))::date as month, asked from asked
),
one_lease as (
    select
        payer.payer_account,
        payer.lease_id,
        case when payer.receipts < setting.minimum_receipts then declared.valid_from end as valid_from
    from payer
    left join declared on payer.payer_account = declared.payer_account and payer.lease_id = declared.lease_id
    cross join setting
    where payer.leases = 1 and (payer.receipts >= setting.minimum_receipts or declared.lease_id is not null)
),
elsewhere as (
    select distinct receipt.payer_account, one_lease.lease_id
    from unknown_reference
    inner join receipt on unknown_reference.receipt_id = receipt.receipt_id
    inner join one_lease on receipt.payer_account = one_lease.payer_account
    anti join near on unknown_reference.receipt_id = near.receipt_id and one_lease.lease_id = near.lease_id
),
from_payer as (
    select nameless.receipt_id, nameless.payer_account, nameless.month, nameless.amount, one_lease.lease_id
    from nameless
    inner join one_lease on nameless.payer_account = one_lease.payer_account
    inner join lease on one_lease.lease_id = lease.lease_id
    inner join sent on one_lease.payer_account = sent.payer_account and lease.in_all >= sent.amount
    anti join elsewhere on one_lease.payer_account = elsewhere.payer_account
    anti join moved on nameless.receipt_id = moved.receipt_id and one_lease.lease_id = moved.lease_id
    cross join setting
    where
        nameless.value_on >= coalesce(one_lease.valid_from, nameless.value_on)
        and nameless.value_on >= lease.start_on
        and (lease.end_on is null or nameless.value_on <= lease.end_on + setting.settling_days)
),
from_payer_once as (
    select from_payer.receipt_id, from_payer.payer_account, from_payer.month, from_payer.amount, from_payer.lease_id
    from from_payer
    anti join paid_twice on from_payer.payer_account = paid_twice.payer_account and from_payer.amount = paid_twice.amount
),
learnt as (
    select from_payer_once.receipt_id, from_payer_once.lease_id
    from from_payer_once
    inner join paid_before
        on from_payer_once.payer_account = paid_before.payer_account
        and from_payer_once.lease_id = paid_before.lease_id
        and from_payer_once.amount = paid_before.amount
    union
    select from_payer_once.receipt_id, from_payer_once.lease_id
    from from_payer_once
    inner join about_then on from_payer_once.lease_id = about_then.lease_id and from_payer_once.month = about_then.month
    cross join setting
    where abs(from_payer_once.amount - about_then.asked) <= setting.tolerance_euros
),
near_one as (
    select receipt_id, min(lease_id) as lease_id from near group by receipt_id having count(*) = 1
),
known_payer as (
    select payer_account, list(lease_id) as lease_ids from payer group by payer_account
),
near_and_asked as (
    select distinct near_one.receipt_id, near_one.lease_id
    from near_one
    inner join nameless on near_one.receipt_id = nameless.receipt_id
    left join known_payer on nameless.payer_account = known_payer.payer_account
    inner join about_then on near_one.lease_id = about_then.lease_id and nameless.month = about_then.month
    inner join lease on near_one.lease_id = lease.lease_id
    cross join setting
    where
        abs(nameless.amount - about_then.asked) <= setting.tolerance_euros
        and (known_payer.lease_ids is null or list_contains(known_payer.lease_ids, near_one.lease_id))
        and nameless.value_on >= lease.start_on
        and (lease.end_on is null or nameless.value_on <= lease.end_on - setting.settling_days)
),
own as (
    select receipt_id, lease_id, rule from named
    union all
    select receipt_id, lease_id, 'payer' as rule from learnt
    union all
    select near_and_asked.receipt_id, near_and_asked.lease_id, 'near_reference' as rule
    from near_and_asked
    anti join learnt on near_and_asked.receipt_id = learnt.receipt_id
),
given_back as (
    select returned.receipt_id, own.lease_id, 'return' as rule, returned.collection_id
    from returned
    inner join own on returned.collection_id = own.receipt_id
),
matched as (
    select receipt_id, lease_id, rule, collection_id from given_back
    union all
    select own.receipt_id, own.lease_id, own.rule, null as collection_id
    from own
    anti join given_back on own.receipt_id = given_back.receipt_id
)
select * from matched
