-- What advisers decided about alerts, with their reason where they set one aside.
select
    "n°" as id,
    contrat as lease_id,
    date_dmy("décidé le") as decided_on,
    case "décision"
        when 'retenue' then 'accepted'
        when 'écartée' then 'dismissed'
        when 'contactée' then 'contacted'
        when 'aidée' then 'helped'
        else "décision"
    end as decision,
    "motif du rejet" as reason,
    file_id,
    line
from inbox.group_decisions
