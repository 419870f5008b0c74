-- What was done about each lease: the prevention desk's workbooks, one a year, where leases already carry their
-- landlord's letter.
select
    "N°" as id,
    "Locataire Contrat" as lease_id,
    "Action Date" as action_on,
    "Action Saisie le" as recorded_on,
    case "Action Nature"
        when 'Courrier' then 'letter'
        when 'SMS' then 'sms'
        when 'Courriel' then 'email'
        when 'Appel' then 'call'
        when 'Visite' then 'visit'
        when 'Entretien' then 'interview'
        when 'Diagnostic d’entrée' then 'move_in_diagnosis'
        when 'Signalement CAF' then 'caf_report'
        when 'Saisine CCAPEX' then 'ccapex_referral'
        when 'Demande FSL' then 'fsl_request'
        when 'Accord FSL' then 'fsl_grant'
        when 'Passage au contentieux' then 'handover'
        when 'Commandement de payer' then 'notice_to_pay'
        when 'Assignation' then 'summons'
        when 'Titre exécutoire' then 'enforceable_title'
        when 'Expulsion' then 'eviction'
        else "Action Nature"
    end as kind,
    "Action Lettre n°" as letter_rank,
    case "Action Canal"
        when 'Courrier' then 'letter'
        when 'Courriel' then 'email'
        when 'SMS' then 'sms'
        when 'Téléphone' then 'phone'
        when 'Visite' then 'visit'
        else "Action Canal"
    end as channel,
    case "Suivi Approche"
        when 'Classique' then 'standard'
        when 'Orientée solution' then 'solution_focused'
        when 'Orientée solution, en binôme' then 'solution_focused_pair'
        else "Suivi Approche"
    end as approach,
    case "Suivi Pôle"
        when 'Agence' then 'agency'
        when 'Prévention' then 'prevention'
        when 'Contentieux' then 'litigation'
        else "Suivi Pôle"
    end as team,
    case "Suivi Contact" when 'Sans réponse' then 'attempted' when 'Joint' then 'reached' else "Suivi Contact" end
        as contact,
    case "Suivi Issue"
        when 'Promesse de paiement' then 'promise_to_pay'
        when 'Plan d’apurement' then 'plan'
        when 'Aide demandée' then 'aid_requested'
        when 'Contestation' then 'dispute'
        when 'Refus' then 'refusal'
        when 'Rien' then 'none'
        else "Suivi Issue"
    end as outcome,
    file_id,
    line
from inbox.group_actions
