-- The bank's receipts whose lease is sure, as entries of its account. A collection refused before it was settled moved no
-- money and makes none.
-- grain: id
-- per: lease_id
-- columns:
--   id           bank: and the receipt
--   lease_id     the lease
--   booked_on    the day the bank booked it
--   due_on       its value date, for money given back
--   value_on     its value date, for money received
--   kind         payment, guarantor_payment where the file tells it, or payment_rejected for a collection that came back
--   component    principal for money given back
--   amount       euros; debit positive, credit negative
--   payer        who paid, where the file tells it
--   channel      how it was paid
--   reversal_of  the entry of the collection that it takes back, where known
-- checks:
--   amount <> 0
with receipt as (
    select receipt_id, booked_on, value_on, amount, payer, channel, return_reason from bank.receipt where amount <> 0
),
match as (
    select receipt_id, lease_id, rule, collection_id from bank.match
),
owned as (
    select
        receipt.receipt_id,
        match.lease_id,
        receipt.booked_on,
        receipt.value_on,
        receipt.amount,
        receipt.payer,
        receipt.channel,
        match.collection_id,
        case
            when receipt.amount < 0 and (receipt.return_reason is not null or match.rule = 'return') then 'payment_rejected'
            when receipt.payer = 'guarantor' then 'guarantor_payment'
            else 'payment'
        end as kind,
        case when receipt.amount < 0 then 'principal' end as component
    from match
    inner join receipt on match.receipt_id = receipt.receipt_id
),
made as (
    select
        'bank:' || receipt_id as id,
        lease_id,
        booked_on,
        case when amount < 0 then value_on end as due_on,
        case when amount > 0 then value_on end as value_on,
        kind::contract.entry_kind as kind,
        component::contract.entry_component as component,
        (-amount)::decimal(12, 2) as amount,
        payer::varchar::contract.entry_payer as payer,
        channel::varchar::contract.entry_channel as channel,
        'bank:' || collection_id as reversal_of
    from owned
)
select * from made
