-- Stops on reminders and enforcement. A later delivery adds holds, and ends earlier ones.
select
    contrat as lease_id,
    case nature
        when 'Surendettement déposé' then 'over_indebtedness_filed'
        when 'Surendettement recevable' then 'over_indebtedness_admitted'
        when 'Dette effacée' then 'debt_erased'
        when 'Délais du juge' then 'judge_delays'
        when 'Protocole de cohésion sociale' then 'social_cohesion_protocol'
        when 'Tutelle ou curatelle' then 'guardianship'
        when 'Dette contestée' then 'disputed_debt'
        when 'Promesse de paiement' then 'promise_to_pay'
        when 'Décès' then 'deceased'
        else nature
    end as kind,
    date_dmy(du) as from_on,
    date_dmy(au) as to_on,
    date_dmy("connu le") as known_on,
    decimal_comma("dette couverte") as debt_covered,
    case source
        when 'Bailleur' then 'landlord'
        when 'Locataire' then 'tenant'
        when 'Tribunal' then 'court'
        when 'Banque de France' then 'bank_of_france'
        when 'CAF' then 'caf'
        else source
    end as source,
    file_id,
    line
from inbox.group_holds
