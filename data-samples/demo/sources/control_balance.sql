-- What Ormois and Vaudrange say each lease owes on the day of delivery. Sauvelle gives no such figure.
select
    'O-' || "N° bail" as lease_id,
    date_dmy("Date d’arrêté") as as_of,
    decimal_comma("Solde (€)") as balance,
    file_id,
    line
from inbox.ormois_balances

union all

select
    'V-' || contrat as lease_id,
    arrete as as_of,
    solde as balance,
    file_id,
    line
from inbox.vaudrange_balances
