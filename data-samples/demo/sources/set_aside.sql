-- Lines of Vaudrange's FEC that are no entry of a tenant account, and why: the entries of the tenant accounts are told
-- once, where they were booked. Movements at Sauvelle's banks that no tenant paid, and sums that another file tells one
-- by one.
select
    case
        when left("CompteNum", 3) not in ('411', '416')
            then 'contrepartie d’une écriture de locataire (compte de produit, de banque ou de tiers)'
        when "JournalCode" = 'AN' then 'à-nouveau : solde déjà connu par les écritures des exercices précédents'
        else 'virement entre locataires présents (411) et partis (416), sans effet sur le solde du bail'
    end as reason,
    file_id,
    line
from inbox.vaudrange_ledger
where
    left("CompteNum", 3) not in ('411', '416')
    or "EcritureLib" like 'VIREMENT 411/416%'
    or ("JournalCode" = 'AN' and "EcritureDate" > (select min("EcritureDate") from inbox.vaudrange_ledger))

union all

select
    case
        when operation_code = '62' then 'frais bancaires'
        when label like 'VIR FOURNISSEUR%' then 'paiement à un fournisseur'
        when label like 'VIR INTERNE%' then 'virement entre comptes du bailleur'
        else 'versement groupé de la CAF, déjà détaillé bail par bail par le logiciel de gestion'
    end as reason,
    file_id,
    line
from inbox.sauvelle_rents
where
    operation_code = '62'
    or label like 'VIR FOURNISSEUR%'
    or label like 'VIR INTERNE%'
    or detail_npy = 'CAF DU LITTORAL'

union all

select
    case sub_family_code
        when 'UPDD' then 'total des prélèvements impayés du jour, détaillés par l’avis de la banque'
        else 'virement entre comptes du bailleur'
    end as reason,
    file_id,
    line
from inbox.sauvelle_collections
where sub_family_code not in ('ESDD', 'POSP')
