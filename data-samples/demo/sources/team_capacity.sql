-- How many households each team can contact in a week for each agency of the group, and its full-time equivalents.
select
    case "pôle"
        when 'Agence' then 'agency'
        when 'Prévention' then 'prevention'
        when 'Contentieux' then 'litigation'
        else "pôle"
    end as team,
    agence as agency_id,
    date_dmy("depuis le") as valid_from,
    "contacts par semaine" as contacts_per_week,
    decimal_comma(etp) as full_time_equivalents,
    file_id,
    line
from inbox.group_capacity
