-- One row per receipt of the bank, with what it says in a form that can be compared: capitals and digits only.
-- Matching sees every receipt delivered: to which lease money belongs does not depend on the night that asks.
-- grain: receipt_id
-- columns:
--   receipt_id     the receipt
--   account        the landlord's account
--   booked_on      the day the bank booked it
--   value_on       its value date; the booking date where absent
--   amount         euros, received positive, given back negative, 0 for a collection refused before it was settled
--   channel        how it was paid
--   payer          tenant, caf, fsl, guarantor or other, where the file tells it
--   words          the words of its remittance text, one space between them
--   payer_account  account of the payer
--   mandate        direct-debit mandate
--   end_to_end_id  end-to-end identifier; null where the bank says that it was not provided
--   return_reason  return reason of the bank
with bank_receipt as (
    select id, account, booked_on, value_on, amount, channel, payer, reference, payer_account, mandate, end_to_end_id, return_reason
    from contract.bank_receipt
),
comparable as (
    select
        id as receipt_id,
        account,
        booked_on,
        coalesce(value_on, booked_on) as value_on,
        amount,
        channel,
        payer,
        nullif(trim(regexp_replace(upper(strip_accents(reference)), '[^A-Z0-9]+', ' ', 'g')), '') as words,
        nullif(regexp_replace(upper(payer_account), '[^A-Z0-9]+', '', 'g'), '') as payer_account,
        nullif(regexp_replace(upper(mandate), '[^A-Z0-9]+', '', 'g'), '') as mandate,
        nullif(nullif(regexp_replace(upper(end_to_end_id), '[^A-Z0-9]+', '', 'g'), ''), 'NOTPROVIDED') as end_to_end_id,
        return_reason
    from bank_receipt
)
select * from comparable
