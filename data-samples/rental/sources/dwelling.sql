-- One house a tenancy; the file tells its zip code only.
select
    houseID as id,
    houseZip as agency_id,
    'residential' as use,
    file_id,
    line
from inbox.payments
