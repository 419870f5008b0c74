-- Dwellings and annexes: each former landlord's stock list.
-- Since the merger the lists of Ormois and Vaudrange name the group's agencies (G..) for homes that were recoded,
-- and the former agency for everything else; Sauvelle still names its own.
select
    'O-' || "N° lot" as id,
    case when "Agence" like 'G%' then "Agence" else 'O-' || "Agence" end as agency_id,
    case "Nature"
        when 'Logement' then 'residential'
        when 'Stationnement' then 'parking'
        when 'Garage' then 'garage'
        when 'Commerce' then 'commercial'
        else "Nature"
    end as use,
    "Type" as type,
    decimal_comma("Surface habitable") as surface_m2,
    case "Bâti" when 'Collectif' then 'collective' when 'Individuel' then 'individual' else "Bâti" end as building,
    "Année de construction" as construction_year,
    case "Vacant" when 'Oui' then 'true' when 'Non' then 'false' else "Vacant" end as vacant,
    file_id,
    line
from inbox.ormois_dwellings

union all

select
    'V-' || logement as id,
    case when agence like 'G%' then agence else 'V-' || agence end as agency_id,
    usage as use,
    type,
    surface as surface_m2,
    immeuble as building,
    annee as construction_year,
    case vacant when '1' then 'true' when '0' then 'false' else vacant end as vacant,
    file_id,
    line
from inbox.vaudrange_dwellings

union all

select
    'S-' || local as id,
    'S-' || secteur as agency_id,
    usage as use,
    typologie as type,
    surface as surface_m2,
    bati as building,
    construit as construction_year,
    vacant,
    file_id,
    line
from inbox.sauvelle_dwellings
