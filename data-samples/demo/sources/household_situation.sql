-- Households' situations as they were declared, since when, and the day on which the group learnt of them.
select
    "ménage" as household_id,
    date_dmy("date d’effet") as valid_from,
    date_dmy("connue le") as known_on,
    personnes as size,
    adultes as adults,
    enfants as children,
    "tranche de revenus" as income_band,
    decimal_comma("revenu de référence") as reference_income,
    file_id,
    line
from inbox.group_situations
