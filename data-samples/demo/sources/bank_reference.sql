-- What leads from a receipt of Sauvelle's banks to a lease: the reference on every notice, the mandates of collections, and
-- the accounts that tenants gave when they moved in.
select
    case nature
        when 'REFERENCE' then 'reference'
        when 'MANDAT' then 'mandate'
        when 'COMPTE' then 'payer_account'
        else nature
    end as kind,
    valeur as reference,
    'S-' || bail as lease_id,
    depuis as valid_from,
    file_id,
    line
from inbox.sauvelle_references
