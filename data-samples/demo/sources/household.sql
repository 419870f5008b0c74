-- Households: the tenant lists of Ormois and Vaudrange; Sauvelle repeats the household on each of its leases.
select
    'O-' || "N° locataire" as id,
    "Personnes" as size,
    "Adultes" as adults,
    "Enfants" as children,
    "Tranche de revenus" as income_band,
    decimal_comma("Revenu de référence (€)") as reference_income,
    case "Accord numérique" when 'Oui' then 'true' when 'Non' then 'false' else "Accord numérique" end
        as digital_consent,
    case "Canal préféré"
        when 'Courrier' then 'letter'
        when 'Courriel' then 'email'
        when 'SMS' then 'sms'
        when 'Téléphone' then 'phone'
        when 'Visite' then 'visit'
        else "Canal préféré"
    end as preferred_channel,
    file_id,
    line
from inbox.ormois_households

union all

select
    'V-' || menage as id,
    personnes as size,
    adultes as adults,
    enfants as children,
    tranche as income_band,
    revenu as reference_income,
    case accord_numerique when '1' then 'true' when '0' then 'false' else accord_numerique end as digital_consent,
    canal as preferred_channel,
    file_id,
    line
from inbox.vaudrange_households

union all

select
    'S-' || locataire as id,
    personnes as size,
    adultes as adults,
    enfants as children,
    tranche as income_band,
    revenu as reference_income,
    numerique as digital_consent,
    canal as preferred_channel,
    file_id,
    line
from inbox.sauvelle_files
