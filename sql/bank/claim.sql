-- The leases that a receipt names itself: by a reference in its text, its mandate or its end-to-end identifier.
-- A reference is read where a word begins and must end where a word ends, whatever spaces, case or marks stand in it; of
-- two that begin together the longer counts. Where several of the three name something, only leases that all of them
-- name are left. What speaks against a claim is its doubt.
-- grain: receipt_id, lease_id
-- columns:
--   receipt_id  the receipt
--   lease_id    a lease that it names
--   rule        end_to_end, mandate or reference: the first of these that names it
--   doubt       several_leases, not_begun, ended_long_ago or amount; null when nothing speaks against it
with setting as (
    select ended_months, settling_days from strategy.bank
),
receipt as (
    select receipt_id, value_on, amount, words, mandate, end_to_end_id from bank.receipt
),
reference as (
    select kind, reference, lease_id, valid_from, valid_to from bank.reference
),
lease as (
    select lease_id, start_on, end_on, largest from bank.lease
),
text as (
    select distinct words, string_split(words, ' ') as parts from receipt where words is not null
),
word as (
    select words, parts, unnest(range(1, len(parts) + 1)) as position from text
),
tail as (
    select words, parts, position, array_to_string(parts[position:], '') as letters from word
),
length_of_reference as (
    select distinct length(reference) as letters from reference where kind = 'reference'
),
tried as (
    select tail.words, tail.parts, tail.position, left(tail.letters, length_of_reference.letters) as reference
    from tail
    inner join length_of_reference on length(tail.letters) >= length_of_reference.letters
),
known_reference as (
    select distinct reference from reference where kind = 'reference'
),
read as (
    select tried.words, tried.position, max_by(tried.reference, length(tried.reference)) as reference
    from tried
    inner join known_reference on tried.reference = known_reference.reference
    where
        list_contains(
            list_transform(range(tried.position, len(tried.parts) + 1), last -> array_to_string(tried.parts[tried.position:last], '')),
            tried.reference
        )
    group by tried.words, tried.position
),
written as (
    select receipt_id, value_on, 'end_to_end' as kind, end_to_end_id as reference from receipt where end_to_end_id is not null
    union all
    select receipt_id, value_on, 'mandate' as kind, mandate as reference from receipt where mandate is not null
    union all
    select receipt.receipt_id, receipt.value_on, 'reference' as kind, read.reference
    from receipt
    inner join read on receipt.words = read.words
),
named as (
    select distinct written.receipt_id, written.kind, reference.lease_id
    from written
    inner join reference
        on written.kind = reference.kind
        and written.reference = reference.reference
        and written.value_on >= reference.valid_from
        and written.value_on < coalesce(reference.valid_to, date '9999-12-31')
),
kinds as (
    select receipt_id, count(distinct kind) as kinds from named group by receipt_id
),
named_lease as (
    select receipt_id, lease_id, min(kind) as rule, count(*) as kinds from named group by receipt_id, lease_id
),
agreed as (
    select
        named_lease.receipt_id,
        named_lease.lease_id,
        named_lease.rule,
        named_lease.kinds = kinds.kinds as by_all,
        count(*) filter (where named_lease.kinds = kinds.kinds) over (partition by named_lease.receipt_id) as leases_by_all
    from named_lease
    inner join kinds on named_lease.receipt_id = kinds.receipt_id
),
judged as (
    select
        agreed.receipt_id,
        agreed.lease_id,
        agreed.rule,
        case
            when agreed.leases_by_all <> 1 then 'several_leases'
            when receipt.value_on < lease.start_on - setting.settling_days then 'not_begun'
            when receipt.value_on > lease.end_on + to_months(setting.ended_months) then 'ended_long_ago'
            when abs(receipt.amount) > lease.largest then 'amount'
        end as doubt
    from agreed
    inner join receipt on agreed.receipt_id = receipt.receipt_id
    inner join lease on agreed.lease_id = lease.lease_id
    cross join setting
    where agreed.by_all or agreed.leases_by_all = 0
)
select * from judged
