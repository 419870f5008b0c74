-- Which former agency became which agency of the group, and since when, from the group's directory.
-- Former landlords used the same codes, so each code carries its landlord's letter: O-01, V-01.
select
    case "bailleur d’origine"
        when 'Logis de l’Ormois' then 'O-'
        when 'Foyer Vaudrange' then 'V-'
        when 'Cité Sauvelle' then 'S-'
    end || "ancien code" as legacy_agency_id,
    code as agency_id,
    date_dmy("date d’effet") as valid_from,
    file_id,
    line
from inbox.group_takeovers
