-- How to reach each household. Names and addresses written over two lines are put on one.
select
    "ménage" as household_id,
    "civilité" as civility,
    regexp_replace(nom, '\s+', ' ', 'g') as name,
    regexp_replace(adresse, '\s+', ' ', 'g') as address,
    "téléphone" as phone,
    courriel as email,
    "représentant légal" as legal_representative,
    file_id,
    line
from inbox.group_contacts
