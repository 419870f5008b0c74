-- Fees that the law forbids and that were charged all the same, counted and in euros: a compliance alert, target 0. Counted in the
-- month in which they were charged, taken back later or not. The landlord's own conduct: no household in arrears is counted.
-- The list of cases goes to the restricted export (restricted.unlawful_fee).
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  unlawful_fees (count) or unlawful_fees.euros
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     always null: the figure is a count or a sum
--   denominator   residential leases, present at the closing
--   volume        residential leases, present at the closing
--   cases         not used here: the landlord's own conduct
--   base_cases    not used here
--   value         unlawful fees charged in the month, or their euros
-- checks:
--   value >= 0
-- indicators:
--   unlawful_fees:
--     family: fees
--     position: 70
--     headline: true
--     label_fr: Frais interdits facturés
--     unit: count
--     good_direction: down
--     perimeter: both
--     formula_fr: "nombre de frais interdits (relance, recouvrement) facturés dans le mois à un locataire de logement avant tout titre exécutoire (loi du 6 juillet 1989, art. 4 p). Les actes prescrits par la loi, comme le commandement de payer, n'en sont pas. Objectif : zéro"
--   unlawful_fees.euros:
--     family: fees
--     position: 71
--     label_fr: Frais interdits facturés, en euros
--     unit: euros
--     good_direction: down
--     perimeter: both
--     formula_fr: "montant des frais interdits facturés dans le mois à un locataire de logement avant tout titre exécutoire, annulés ensuite ou non. Objectif : zéro"
with unlawful_fee as (
    select agency_id, charged_on, amount from ledger.unlawful_fee
),
lease_month as (
    select agency_id, month, is_partial
    from arrears.lease_month
    where use = 'residential' and status = 'present'
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
present as (
    select agency_id, month, is_partial, count(*) as leases from lease_month group by agency_id, month, is_partial
),
charged as (
    select agency_id, date_trunc('month', charged_on)::date as month, count(*) as fees, sum(amount) as euros
    from unlawful_fee
    group by 1, 2
),
by_slice as (
    select
        slice.level,
        slice.slice_id,
        present.month,
        present.is_partial,
        sum(present.leases) as leases,
        coalesce(sum(charged.fees), 0) as fees,
        coalesce(sum(charged.euros), 0) as euros
    from present
    inner join slice on present.agency_id = slice.agency_id
    left join charged on present.agency_id = charged.agency_id and present.month = charged.month
    group by slice.level, slice.slice_id, present.month, present.is_partial
),
counted as (
    select 'unlawful_fees' as indicator_id, level, slice_id, month, is_partial, leases, fees::double as value from by_slice
    union all
    select 'unlawful_fees.euros' as indicator_id, level, slice_id, month, is_partial, leases, euros::double as value from by_slice
),
told as (
    select
        indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        null::decimal(18, 2) as numerator,
        leases::decimal(18, 2) as denominator,
        leases::integer as volume,
        null::integer as cases,
        null::integer as base_cases,
        value
    from counted
)
select * from told
