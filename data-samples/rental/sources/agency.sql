-- The file knows no agency: the zip code of the house stands for one.
select
    houseZip as id,
    'Secteur postal ' || houseZip as name,
    'San Diego' as sector,
    file_id,
    line
from inbox.payments
