-- Leases, running and ended: each former landlord's lease list.
select
    'O-' || "N° bail" as id,
    'O-' || "N° locataire" as household_id,
    'O-' || "N° lot" as dwelling_id,
    date_dmy("Date d’entrée") as start_on,
    date_dmy("Date de sortie") as end_on,
    "Délai du commandement (jours)" as notice_clause_days,
    file_id,
    line
from inbox.ormois_leases

union all

select
    'V-' || contrat as id,
    'V-' || menage as household_id,
    'V-' || logement as dwelling_id,
    debut as start_on,
    fin as end_on,
    delai as notice_clause_days,
    file_id,
    line
from inbox.vaudrange_leases

union all

select
    'S-' || bail as id,
    'S-' || locataire as household_id,
    'S-' || local as dwelling_id,
    entree as start_on,
    sortie as end_on,
    delai as notice_clause_days,
    file_id,
    line
from inbox.sauvelle_files
