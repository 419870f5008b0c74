-- What Sauvelle's banks received or gave back: movements of the account for rents, collections and card payments of the
-- account for collections, the returns that its notices tell one by one, and collections refused before they were
-- settled, which moved no money. What no tenant paid is told in set_aside.sql.
-- A movement of a statement has no number of the bank's that lasts: one is made of what it says and of its rank among equal
-- ones of its file, so that a statement delivered twice gives the same numbers twice.
with rents as (
    select
        *,
        coalesce(detail_lcc, '') || coalesce(detail_lc2, '') as remittance,
        md5(
            concat_ws(
                '|',
                account,
                booked_on,
                value_on,
                operation_code,
                label,
                entry_number,
                amount,
                coalesce(detail_npy, ''),
                coalesce(detail_cpy, ''),
                coalesce(detail_lcc, ''),
                coalesce(detail_lc2, '')
            )
        ) as content
    from inbox.sauvelle_rents
    where
        operation_code <> '62'
        and label not like 'VIR FOURNISSEUR%'
        and label not like 'VIR INTERNE%'
        and detail_npy is distinct from 'CAF DU LITTORAL'
)

select
    'S-A-' || content || '-' || row_number() over (partition by file_id, content order by line) as id,
    bank_code || ' ' || branch_code || ' ' || account as account,
    booked_on,
    value_on,
    amount,
    case operation_code when '05' then 'transfer' when '06' then 'transfer' when '91' then 'cash' else 'cheque' end
        as channel,
    case
        when detail_npy like '%FONDS SOLIDARITE LOGEMENT' then 'fsl'
        when detail_npy like '% CAUTION' then 'guarantor'
        when detail_npy not like 'MUTUELLE%' then 'tenant'
    end as payer,
    nullif(remittance, '') as reference,
    detail_npy as payer_name,
    detail_cpy as payer_account,
    null as end_to_end_id,
    null as mandate,
    detail_ret as return_reason,
    file_id,
    line
from rents

union all

select
    'S-B-' || servicer_reference as id,
    account,
    booked_on,
    value_on,
    amount,
    case family_code when 'IDDT' then 'direct_debit' else 'card' end as channel,
    'tenant' as payer,
    remittance as reference,
    debtor_name as payer_name,
    debtor_account as payer_account,
    end_to_end_id,
    mandate_id as mandate,
    null as return_reason,
    file_id,
    line
from inbox.sauvelle_collections
where sub_family_code in ('ESDD', 'POSP')

union all

select
    'S-R-' || servicer_reference as id,
    account,
    booked_on,
    value_on,
    amount,
    'direct_debit' as channel,
    'tenant' as payer,
    remittance as reference,
    debtor_name as payer_name,
    debtor_account as payer_account,
    end_to_end_id,
    mandate_id as mandate,
    return_reason,
    file_id,
    line
from inbox.sauvelle_returns

union all

select
    'S-P-' || end_to_end_id as id,
    'SAUVELLE' as account,
    created_on as booked_on,
    collection_on as value_on,
    '0' as amount,
    'direct_debit' as channel,
    'tenant' as payer,
    null as reference,
    debtor_name as payer_name,
    debtor_account as payer_account,
    end_to_end_id,
    mandate_id as mandate,
    reason_code as return_reason,
    file_id,
    line
from inbox.sauvelle_refusals
