-- Ledger entries: Ormois' accounting entries, Vaudrange's FEC, Sauvelle's calls (Parquet).
-- A FEC tells no due date: what Vaudrange calls for a month falls due the month after, on the day that its lease list
-- says; the piece of any other entry bears the day that counts. What its wording means stands in Vaudrange's accounting
-- manual: what it is, how and by whom it was paid, the bank's reason, the term, the piece that it takes back. Lines of
-- the FEC that are no entry of a tenant account are told in set_aside.sql. Sauvelle's receipts stand in the files of its
-- banks: see bank_receipt.sql.
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

vaudrange_due_days as (
    select
        contrat,
        min(jour_echeance) as due_day
    from inbox.vaudrange_leases
    group by contrat
),

vaudrange_lines as (
    select
        *,
        regexp_extract(
            "EcritureLib",
            '^([A-Z ]+?)(?: (PRLV|VIR|CB|CHQ|ESP))?(?: (LOCATAIRE|CAF|FSL|GARANT))?(?: ([A-Z]{2}[0-9]{2}))?'
            || '(?: ([0-9]{2}/[0-9]{4}))?(?: S/ ([0-9]+-[0-9]+))?$',
            ['operation', 'channel', 'payer', 'reason', 'term', 'taken_back']
        ) as wording
    from inbox.vaudrange_ledger
    where
        left("CompteNum", 3) in ('411', '416')
        and "EcritureLib" not like 'VIREMENT 411/416%'
        and ("JournalCode" <> 'AN' or "EcritureDate" = (select min("EcritureDate") from inbox.vaudrange_ledger))
),

vaudrange_terms as (
    select
        *,
        nullif(wording.term, '') as term,
        wording.operation in ('LOYER', 'PROVISION CHARGES', 'SLS', 'REGUL CHARGES', 'RLS') as is_called,
        debit_less_credit(decimal_comma("Debit"), decimal_comma("Credit")) as signed_amount,
        date_compact("PieceDate") as piece_date
    from vaudrange_lines
    left join vaudrange_due_days on vaudrange_lines."CompAuxNum" = vaudrange_due_days.contrat
),

vaudrange_months as (
    select
        *,
        last_day(try_strptime(term, '%m/%Y')::date) as term_end,
        try_cast(due_day as tinyint) as due_day_number
    from vaudrange_terms
),

vaudrange as (
    select
        *,
        case
            when is_called and term is not null
                then least(term_end + due_day_number, last_day(term_end + 1))::varchar
            else piece_date
        end as counts_on
    from vaudrange_months
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
    'V-' || "PieceRef" as id,
    'V-' || "CompAuxNum" as lease_id,
    date_compact("EcritureDate") as booked_on,
    case when signed_amount not like '-%' then counts_on end as due_on,
    case when signed_amount like '-%' then counts_on end as value_on,
    case wording.operation
        when 'LOYER' then 'rent'
        when 'PROVISION CHARGES' then 'charges'
        when 'SLS' then 'rent_supplement'
        when 'REGUL CHARGES' then 'charges_adjustment'
        when 'APL' then 'housing_benefit'
        when 'RLS' then 'rent_rebate'
        when 'REGLEMENT' then 'payment'
        when 'REJET' then 'payment_rejected'
        when 'VERSEMENT CAUTION' then 'guarantor_payment'
        when 'RESTITUTION DEPOT GARANTIE' then 'deposit'
        when 'FRAIS RELANCE' then 'fee'
        when 'FRAIS REJET' then 'fee'
        when 'DEPENS' then 'court_cost'
        when 'REPARATIONS LOCATIVES' then 'repairs'
        when 'REGULARISATION COMPTE' then 'adjustment'
        when 'ANV CREANCE IRRECOUVRABLE' then 'write_off'
        when 'A NOUVEAU' then 'opening_balance'
        else "EcritureLib"
    end as kind,
    case
        when signed_amount like '-%' then null
        when wording.operation in ('FRAIS RELANCE', 'FRAIS REJET') then 'fee'
        when wording.operation = 'DEPENS' then 'court_cost'
        else 'principal'
    end as component,
    case wording.operation when 'FRAIS RELANCE' then 'reminder' when 'FRAIS REJET' then 'rejection' end as fee_kind,
    signed_amount as amount,
    month_my(term) as term_month,
    case wording.payer
        when 'LOCATAIRE' then 'tenant'
        when 'CAF' then 'caf'
        when 'FSL' then 'fsl'
        when 'GARANT' then 'guarantor'
    end as payer,
    case wording.channel
        when 'PRLV' then 'direct_debit'
        when 'VIR' then 'transfer'
        when 'CB' then 'card'
        when 'CHQ' then 'cheque'
        when 'ESP' then 'cash'
    end as channel,
    'V-' || nullif(wording.taken_back, '') as reversal_of,
    'V-' || "CompteNum" as account,
    file_id,
    line
from vaudrange

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
        when 'FRAIS' then 'fee'
        when 'DEPENS' then 'court_cost'
        when 'REPARATIONS' then 'repairs'
        when 'REGULARISATION' then 'adjustment'
        when 'PERTE' then 'write_off'
        when 'SOLDE ANTERIEUR' then 'opening_balance'
        else nature
    end as kind,
    case
        when montant like '-%' then null
        when nature = 'FRAIS' then 'fee'
        when nature = 'DEPENS' then 'court_cost'
        else 'principal'
    end as component,
    case when nature = 'FRAIS' then 'other' end as fee_kind,
    montant as amount,
    terme as term_month,
    case when nature = 'APL' then 'caf' end as payer,
    null as channel,
    'S-' || annule as reversal_of,
    null as account,
    file_id,
    line
from inbox.sauvelle_calls
