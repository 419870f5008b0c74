-- Every entry of every account: those of the landlord's files, and the bank's receipts whose lease is sure.
-- kind: view
-- grain: id
-- per: lease_id
-- columns:
--   id           the entry; bank: and the receipt for one of the bank's
--   lease_id     the lease
--   booked_on    the day it was booked, by the landlord or by the bank
--   due_on       the day a debit falls due
--   value_on     the day a credit reached the landlord
--   kind         what the entry is, see contract.entry
--   component    part of the debt that a debit adds to
--   fee_kind     what a fee was charged for
--   amount       euros; debit positive, credit negative
--   term_month   the month it belongs to
--   payer        who paid
--   channel      how it was paid
--   earmark      part of the debt that the payer chose to clear
--   reversal_of  the entry that this one takes back
--   account      general-ledger account
with entry as (
    select
        id, lease_id, booked_on, due_on, value_on, kind, component, fee_kind, amount, term_month, payer, channel, earmark, reversal_of,
        account
    from contract.entry
),
bank_entry as (
    select id, lease_id, booked_on, due_on, value_on, kind, component, amount, payer, channel, reversal_of from bank.entry
),
either as (
    select
        id, lease_id, booked_on, due_on, value_on, kind, component, fee_kind, amount, term_month, payer, channel, earmark, reversal_of,
        account
    from entry
    union all
    select
        id,
        lease_id,
        booked_on,
        due_on,
        value_on,
        kind,
        component,
        null as fee_kind,
        amount,
        null as term_month,
        payer,
        channel,
        null as earmark,
        reversal_of,
        null as account
    from bank_entry
)
select * from either
