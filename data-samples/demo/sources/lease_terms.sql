-- Direct-debit mandates and benefit paid to the landlord, since when and known when.
select
    'O-' || "N° bail" as lease_id,
    date_dmy("Date d’effet") as valid_from,
    date_dmy("Date de saisie") as known_on,
    case "Prélèvement" when 'Oui' then 'true' when 'Non' then 'false' else "Prélèvement" end as direct_debit,
    case "Tiers payant" when 'Oui' then 'true' when 'Non' then 'false' else "Tiers payant" end
        as benefit_to_landlord,
    file_id,
    line
from inbox.ormois_lease_terms

union all

select
    'V-' || contrat as lease_id,
    debut as valid_from,
    connu_le as known_on,
    case prelevement when '1' then 'true' when '0' then 'false' else prelevement end as direct_debit,
    case apl_directe when '1' then 'true' when '0' then 'false' else apl_directe end as benefit_to_landlord,
    file_id,
    line
from inbox.vaudrange_lease_terms

union all

select
    'S-' || bail as lease_id,
    effet as valid_from,
    saisi as known_on,
    prelevement as direct_debit,
    tiers_payant as benefit_to_landlord,
    file_id,
    line
from inbox.sauvelle_mandates
