-- Households, some with several tenancies one after the other; the file tells nothing else of them.
select
    household_id as id,
    file_id,
    line
from inbox.payments
