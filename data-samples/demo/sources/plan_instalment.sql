-- Instalments of the repayment plans.
select
    "n° plan" as plan_id,
    date_dmy("échéance") as due_on,
    decimal_comma(montant) as amount,
    file_id,
    line
from inbox.group_instalments
