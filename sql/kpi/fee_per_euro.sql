-- Fees charged for one euro of principal recovered from present tenants, over twelve months. Principal recovered: what was received
-- less what fees and court costs took, as the landlord's allocation policy tells it. Told from the twelfth month of the ledger.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  fee_per_euro
--   level         company, sector or agency
--   slice_id      the slice
--   month         last month of the twelve
--   is_partial    true for the month under way
--   numerator     fees that fell due in the twelve months, less those cancelled, euros
--   denominator   principal recovered in the twelve months, euros
--   volume        receipts counted: leases from which money was received, summed over the months
--   cases         not used here: what is charged is the landlord's own conduct
--   base_cases    not used here
-- checks:
--   volume >= 0
-- indicators:
--   fee_per_euro:
--     family: fees
--     position: 65
--     label_fr: Frais facturés par euro de principal recouvré
--     unit: ratio
--     good_direction: down
--     perimeter: present
--     formula_fr: "frais facturés sur 12 mois, moins ceux annulés ÷ principal recouvré sur 12 mois (encaissements des locataires présents, aide au logement à part, moins ce que les frais et les dépens ont pris)"
with policy as (
    select policy from allocation.policy where is_chosen
),
closing as (
    select month, is_partial from arrears.closing
),
received as (
    select policy, agency_id, month, received, outside, fees_charged, payers
    from allocation.received
    where status = 'present'
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
place as (
    select distinct level, slice_id from slice
),
by_slice as (
    select
        slice.level,
        slice.slice_id,
        received.month,
        sum(received.fees_charged) as fees,
        sum(received.received - received.outside) as principal,
        sum(received.payers) as payers
    from received
    inner join policy on received.policy = policy.policy
    inner join slice on received.agency_id = slice.agency_id
    group by slice.level, slice.slice_id, received.month
),
twelve as (
    select
        place.level,
        place.slice_id,
        closing.month,
        closing.is_partial,
        coalesce(sum(by_slice.fees) over year, 0) as fees,
        coalesce(sum(by_slice.principal) over year, 0) as principal,
        coalesce(sum(by_slice.payers) over year, 0) as payers,
        count(*) over year as months
    from place
    cross join closing
    left join by_slice
        on place.level = by_slice.level and place.slice_id = by_slice.slice_id and closing.month = by_slice.month
    window year as (
        partition by place.level, place.slice_id order by closing.month rows between 11 preceding and current row
    )
),
told as (
    select
        'fee_per_euro' as indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        fees::decimal(18, 2) as numerator,
        principal::decimal(18, 2) as denominator,
        payers::integer as volume,
        null::integer as cases,
        null::integer as base_cases
    from twelve
    where months = 12
)
select * from told
