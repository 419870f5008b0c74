-- Age band, from the day on which it holds, and sex. The year of birth was known from the start of the lease, and with it
-- every later band.
select
    "ménage" as household_id,
    date_dmy("date d’effet") as valid_from,
    date_dmy("date d’effet") as known_on,
    case "tranche d’âge"
        when 'moins de 25' then 'under_25'
        when '75 et plus' then '75_plus'
        else replace("tranche d’âge", '-', '_')
    end as age_band,
    case sexe when 'F' then 'female' when 'M' then 'male' else sexe end as sex,
    file_id,
    line
from inbox.group_audit
