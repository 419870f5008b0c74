-- Share of each euro received from present tenants that reduced principal, under each allocation policy: what fees and court
-- costs did not take. As booked is told where the landlord lettered something that month; how much, lettered_share says.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  principal_first_share.as_booked, .principal_first or .legal_default, or lettered_share
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     euros received less those that fees and court costs took; for lettered_share, euros received that are lettered
--   denominator   euros received from present tenants, housing benefit apart
--   volume        leases from which money was received
--   cases         not used here: how a payment is imputed is the landlord's own conduct
--   base_cases    not used here
-- checks:
--   volume >= 0
-- indicators:
--   principal_first_share.as_booked: &share
--     family: fees
--     position: 62
--     label_fr: Part de chaque euro reçu qui réduit le principal, selon le lettrage
--     unit: ratio
--     good_direction: up
--     perimeter: present
--     formula_fr: "(encaissements des locataires présents − part imputée aux frais et aux dépens) ÷ encaissements, dans le mois, aide au logement à part. Imputation du bailleur (lettrage) ; ce qu'il n'a pas lettré suit la règle légale"
--   principal_first_share.principal_first: { <<: *share, position: 63, label_fr: "Part de chaque euro reçu qui réduit le principal, si le principal passait d'abord", formula_fr: "(encaissements des locataires présents − part imputée aux frais et aux dépens) ÷ encaissements, dans le mois, aide au logement à part. Le principal est toujours servi le premier ; le choix du locataire l'emporte" }
--   principal_first_share.legal_default: { <<: *share, position: 64, label_fr: "Part de chaque euro reçu qui réduit le principal, selon la règle légale", formula_fr: "(encaissements des locataires présents − part imputée aux frais et aux dépens) ÷ encaissements, dans le mois, aide au logement à part. Code civil 1342-10 : choix du locataire, puis dettes échues qu'il a le plus d'intérêt à acquitter, puis la plus ancienne" }
--   lettered_share:
--     family: fees
--     position: 69
--     label_fr: Part des encaissements lettrée
--     unit: ratio
--     good_direction: up
--     perimeter: present
--     formula_fr: "encaissements du mois lettrés par le bailleur avec une dette ÷ encaissements du mois des locataires présents, aide au logement à part. C'est la base des indicateurs « selon le lettrage »"
with received as (
    select policy, agency_id, month, is_partial, received, outside, lettered, payers
    from allocation.received
    where status = 'present'
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
by_slice as (
    select
        received.policy,
        slice.level,
        slice.slice_id,
        received.month,
        received.is_partial,
        sum(received.received) as received,
        sum(received.outside) as outside,
        sum(received.lettered) as lettered,
        sum(received.payers) as payers
    from received
    inner join slice on received.agency_id = slice.agency_id
    group by received.policy, slice.level, slice.slice_id, received.month, received.is_partial
),
share as (
    select
        'principal_first_share.' || policy as indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        received - outside as numerator,
        received as denominator,
        payers
    from by_slice
    where policy <> 'as_booked' or lettered > 0
    union all
    select 'lettered_share' as indicator_id, level, slice_id, month, is_partial, lettered as numerator, received as denominator, payers
    from by_slice
    where policy = 'as_booked'
),
told as (
    select
        indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        numerator::decimal(18, 2) as numerator,
        denominator::decimal(18, 2) as denominator,
        payers::integer as volume,
        null::integer as cases,
        null::integer as base_cases
    from share
)
select * from told
