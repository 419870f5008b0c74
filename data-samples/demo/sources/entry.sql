-- Ledger entries: Ormois' accounting entries, Vaudrange's movements, Sauvelle's calls (Parquet) and receipts.
-- Sauvelle's receipts have no number: one is made of what the row says and of its rank among equal rows of its
-- file, so that a month exported twice gives the same numbers twice.
with ormois_amounts as (
    select
        *,
        decimal_comma("Débit (€)") as debit,
        decimal_comma("Crédit (€)") as credit
    from inbox.ormois_ledger
),

ormois as (
    select
        *,
        debit_less_credit(debit, credit) as signed_amount
    from ormois_amounts
),

sauvelle_receipts as (
    select
        *,
        row_number() over (
            partition by file_id, date, valeur, bail, nature, mode, payeur, montant
            order by line
        ) as occurrence
    from inbox.sauvelle_receipts
),

sauvelle_signed as (
    select
        *,
        debit_less_credit(null, decimal_comma(montant)) as signed_amount
    from sauvelle_receipts
)

select
    'O-' || "N° écriture" as id,
    'O-' || "N° bail" as lease_id,
    date_dmy("Date comptable") as booked_on,
    date_dmy("Date d’échéance") as due_on,
    date_dmy("Date de valeur") as value_on,
    case "Code opération"
        when 'LOY' then 'rent'
        when 'CHG' then 'charges'
        when 'SLS' then 'rent_supplement'
        when 'RGC' then 'charges_adjustment'
        when 'APL' then 'housing_benefit'
        when 'RLS' then 'rent_rebate'
        when 'ENC' then 'payment'
        when 'REJ' then 'payment_rejected'
        when 'ENG' then 'guarantor_payment'
        when 'DGA' then 'deposit'
        when 'FRA' then 'fee'
        when 'DEP' then 'court_cost'
        when 'REP' then 'repairs'
        when 'OD' then 'adjustment'
        when 'ANV' then 'write_off'
        when 'AN' then 'opening_balance'
        else "Code opération"
    end as kind,
    case
        when signed_amount like '-%' then null
        when "Code opération" = 'FRA' then 'fee'
        when "Code opération" = 'DEP' then 'court_cost'
        else 'principal'
    end as component,
    case when "Code opération" = 'FRA' then 'other' end as fee_kind,
    signed_amount as amount,
    month_my("Mois du terme") as term_month,
    case "Payeur"
        when 'Locataire' then 'tenant'
        when 'CAF' then 'caf'
        when 'FSL' then 'fsl'
        when 'Garant' then 'guarantor'
        else "Payeur"
    end as payer,
    case "Mode de règlement"
        when 'Prélèvement' then 'direct_debit'
        when 'Virement' then 'transfer'
        when 'Carte' then 'card'
        when 'Chèque' then 'cheque'
        when 'Espèces' then 'cash'
        else "Mode de règlement"
    end as channel,
    'O-' || "Contre-passation" as reversal_of,
    'O-' || "Compte" as account,
    file_id,
    line
from ormois

union all

select
    'V-' || contrat || '-' || ligne as id,
    'V-' || contrat as lease_id,
    date as booked_on,
    exigible as due_on,
    valeur as value_on,
    case type
        when 'loyer' then 'rent'
        when 'supplement' then 'rent_supplement'
        when 'regularisation' then 'charges_adjustment'
        when 'apl' then 'housing_benefit'
        when 'rls' then 'rent_rebate'
        when 'paiement' then 'payment'
        when 'impaye_bancaire' then 'payment_rejected'
        when 'caution' then 'guarantor_payment'
        when 'depot' then 'deposit'
        when 'frais' then 'fee'
        when 'depens' then 'court_cost'
        when 'reparations' then 'repairs'
        when 'correction' then 'adjustment'
        when 'perte' then 'write_off'
        when 'report' then 'opening_balance'
        else type
    end as kind,
    case
        when montant like '-%' then null
        when type = 'frais' then 'fee'
        when type = 'depens' then 'court_cost'
        else 'principal'
    end as component,
    frais as fee_kind,
    montant as amount,
    terme as term_month,
    payeur as payer,
    moyen as channel,
    'V-' || contrat || '-' || annule as reversal_of,
    null as account,
    file_id,
    line
from inbox.vaudrange_ledger

union all

select
    'S-' || numero as id,
    'S-' || bail as lease_id,
    comptabilise as booked_on,
    exigible as due_on,
    valeur as value_on,
    case nature
        when 'LOYER' then 'rent'
        when 'CHARGES' then 'charges'
        when 'SURLOYER' then 'rent_supplement'
        when 'DECOMPTE CHARGES' then 'charges_adjustment'
        when 'APL' then 'housing_benefit'
        when 'RLS' then 'rent_rebate'
        when 'DEPOT' then 'deposit'
        when 'DEPENS' then 'court_cost'
        when 'REPARATIONS' then 'repairs'
        when 'REGULARISATION' then 'adjustment'
        when 'PERTE' then 'write_off'
        when 'SOLDE ANTERIEUR' then 'opening_balance'
        else nature
    end as kind,
    case
        when montant like '-%' then null
        when nature = 'DEPENS' then 'court_cost'
        else 'principal'
    end as component,
    null as fee_kind,
    montant as amount,
    terme as term_month,
    case when nature = 'APL' then 'caf' end as payer,
    null as channel,
    'S-' || annule as reversal_of,
    null as account,
    file_id,
    line
from inbox.sauvelle_calls

union all

select
    'S-R-'
        || md5(concat_ws('|', date, valeur, bail, nature, coalesce(mode, ''), coalesce(payeur, ''), montant))
        || '-' || occurrence as id,
    'S-' || bail as lease_id,
    date as booked_on,
    case when signed_amount not like '-%' then valeur end as due_on,
    case when signed_amount like '-%' then valeur end as value_on,
    case nature
        when 'REGLEMENT' then 'payment'
        when 'REJET' then 'payment_rejected'
        when 'GARANT' then 'guarantor_payment'
        else nature
    end as kind,
    case when signed_amount not like '-%' then 'principal' end as component,
    null as fee_kind,
    signed_amount as amount,
    null as term_month,
    payeur as payer,
    mode as channel,
    null as reversal_of,
    null as account,
    file_id,
    line
from sauvelle_signed
