-- Why banks gave payments back, by the entry of the rejected payment.
select
    'O-' || "N° écriture" as entry_id,
    "Motif" as reason,
    file_id,
    line
from inbox.ormois_rejections

union all

select
    'V-' || "PieceRef" as entry_id,
    regexp_extract("EcritureLib", ' ([A-Z]{2}[0-9]{2})( |$)', 1) as reason,
    file_id,
    line
from inbox.vaudrange_ledger
where
    left("CompteNum", 3) in ('411', '416')
    and regexp_matches("EcritureLib", '^REJET .*[A-Z]{2}[0-9]{2}( |$)')
