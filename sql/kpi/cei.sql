-- Collection effectiveness index of a month: of what could be collected in it, the share that was.
-- B receivables at its start, Q principal billed in it, E_total receivables at its end, E_current those not yet due then; of
-- the tenants present at its end, whose receivables at the start count wherever they came from. An opening balance booked in
-- the month is a receivable at its start. Euros written off leave the receivables too: a loss is read in the cost of arrears.
-- Told from the second month of the ledger.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  cei
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     B + Q - E_total, euros
--   denominator   B + Q - E_current, euros
--   volume        present leases
--   cases         present leases with principal due
--   base_cases    not used here
--   opening       B
--   billed        Q
--   closing       E_total
--   not_yet_due   E_current
-- checks:
--   numerator = opening + billed - closing
--   denominator = opening + billed - not_yet_due
-- indicators:
--   cei:
--     family: recovery
--     position: 21
--     label_fr: Efficacité de l'encaissement du mois (CEI)
--     unit: ratio
--     good_direction: up
--     perimeter: present
--     formula_fr: "(créances au début + quittancé du mois − créances à la fin) ÷ (créances au début + quittancé du mois − créances non encore échues à la fin), locataires présents, hors frais et dépens. De ce qui pouvait être encaissé dans le mois, la part qui l'a été"
with agency_receivable as (
    select agency_id, month, is_partial, opening, billed, receivable, not_yet_due, leases, in_debt
    from arrears.agency_receivable
    where opening is not null
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
by_slice as (
    select
        slice.level,
        slice.slice_id,
        agency_receivable.month,
        agency_receivable.is_partial,
        sum(agency_receivable.opening)::decimal(18, 2) as opening,
        sum(agency_receivable.billed)::decimal(18, 2) as billed,
        sum(agency_receivable.receivable)::decimal(18, 2) as closing,
        sum(agency_receivable.not_yet_due)::decimal(18, 2) as not_yet_due,
        sum(agency_receivable.leases)::integer as volume,
        sum(agency_receivable.in_debt)::integer as cases
    from agency_receivable
    inner join slice on agency_receivable.agency_id = slice.agency_id
    group by slice.level, slice.slice_id, agency_receivable.month, agency_receivable.is_partial
),
rate as (
    select
        'cei' as indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        (opening + billed - closing)::decimal(18, 2) as numerator,
        (opening + billed - not_yet_due)::decimal(18, 2) as denominator,
        volume,
        cases,
        null::integer as base_cases,
        opening,
        billed,
        closing,
        not_yet_due
    from by_slice
)
select * from rate
