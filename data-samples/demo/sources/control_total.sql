-- Debits and credits per tenants' account (411 present, 416 departed) and month: Ormois' own, and those that Vaudrange's
-- accountants give without carried balances and transfers between the two accounts.
select
    'O-' || "Compte" as account,
    month_my("Période") as period,
    decimal_comma("Débit (€)") as debit,
    decimal_comma("Crédit (€)") as credit,
    file_id,
    line
from inbox.ormois_account_totals

union all

select
    'V-' || compte as account,
    mois as period,
    debit,
    credit,
    file_id,
    line
from inbox.vaudrange_account_totals
