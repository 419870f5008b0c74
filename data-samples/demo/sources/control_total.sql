-- Debits and credits per tenants' account (411 present, 416 departed) and month, as Ormois' accounts show them.
select
    'O-' || "Compte" as account,
    month_my("Période") as period,
    decimal_comma("Débit (€)") as debit,
    decimal_comma("Crédit (€)") as credit,
    file_id,
    line
from inbox.ormois_account_totals
