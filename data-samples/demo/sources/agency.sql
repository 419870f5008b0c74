-- The group's agencies today, from its own directory.
select
    code as id,
    nom as name,
    secteur as sector,
    file_id,
    line
from inbox.group_agencies
