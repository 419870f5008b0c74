-- Repayment plans of the three landlords' leases, from the prevention desk. A plan is entered the day it is signed.
select
    "n° plan" as id,
    contrat as lease_id,
    date_dmy("signé le") as signed_on,
    date_dmy("signé le") as known_on,
    case phase when 'Prévention' then 'prevention' when 'Contentieux' then 'litigation' else phase end as phase,
    decimal_comma(dette) as debt,
    case cadre
        when 'Bailleur' then 'landlord'
        when 'CAF' then 'caf'
        when 'Tribunal' then 'court'
        when 'Surendettement' then 'over_indebtedness'
        else cadre
    end as framework,
    date_dmy("terminé le") as ended_on,
    case issue when 'Respecté' then 'kept' when 'Rompu' then 'broken' else issue end as outcome,
    file_id,
    line
from inbox.group_plans
