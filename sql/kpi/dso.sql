-- Days of billing that stand unpaid (days sales outstanding): receivables, due or not, over a year's billing of the same
-- tenants, times 365. The best possible counts only what is not yet due: nobody pays before being asked.
-- Told from the twelfth month of the ledger, like the arrears rate, whose denominator it shares.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  dso or dso.best_possible
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     principal receivable of present tenants (best possible: the part not yet due), times 365: euro-days
--   denominator   gross calls of the last twelve months of the same tenants, euros
--   volume        present leases
--   cases         present leases with principal due; not used for the best possible
--   base_cases    not used here
-- checks:
--   numerator >= 0 and denominator >= 0
-- indicators:
--   dso:
--     family: recovery
--     position: 22
--     label_fr: Délai d'encaissement (DSO)
--     unit: days
--     good_direction: down
--     perimeter: present
--     formula_fr: créances des locataires présents (loyers et charges, échus ou non) × 365 ÷ quittancement brut des mêmes locataires sur 12 mois. Nombre de jours de quittancement qui restent à encaisser
--   dso.best_possible:
--     family: recovery
--     position: 23
--     label_fr: Meilleur délai d'encaissement possible
--     unit: days
--     good_direction: down
--     perimeter: present
--     formula_fr: créances non encore échues des locataires présents × 365 ÷ quittancement brut des mêmes locataires sur 12 mois. Le délai qui resterait si tout l'échu était encaissé
with agency_receivable as (
    select agency_id, month, receivable, not_yet_due, in_debt from arrears.agency_receivable
),
arrears_rate as (
    select level, slice_id, month, is_partial, denominator, volume from kpi.arrears_rate
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
by_slice as (
    select
        slice.level,
        slice.slice_id,
        agency_receivable.month,
        sum(agency_receivable.receivable) as receivable,
        sum(agency_receivable.not_yet_due) as not_yet_due,
        sum(agency_receivable.in_debt) as in_debt
    from agency_receivable
    inner join slice on agency_receivable.agency_id = slice.agency_id
    group by slice.level, slice.slice_id, agency_receivable.month
),
told as (
    select
        indicator.indicator_id,
        arrears_rate.level,
        arrears_rate.slice_id,
        arrears_rate.month,
        arrears_rate.is_partial,
        (365 * case indicator.indicator_id when 'dso' then by_slice.receivable else by_slice.not_yet_due end)::decimal(18, 2)
            as numerator,
        arrears_rate.denominator,
        arrears_rate.volume,
        case indicator.indicator_id when 'dso' then by_slice.in_debt::integer end as cases,
        null::integer as base_cases
    from arrears_rate
    cross join (values ('dso'), ('dso.best_possible')) as indicator (indicator_id)
    inner join by_slice
        on arrears_rate.level = by_slice.level
        and arrears_rate.slice_id = by_slice.slice_id
        and arrears_rate.month = by_slice.month
)
select * from told
