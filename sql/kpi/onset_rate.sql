-- Share of the households owing no whole term at the start of a month that owe one at its end.
-- A lease that begins in the month owes nothing before it. Told from the second month of the ledger.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  onset_rate, or onset_rate.only_adjustment: the part caused only by benefit clawbacks or charge adjustments
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month
--   is_partial    true for the month under way
--   numerator     present leases whose spell begins in the month
--   denominator   leases present at the start owing no whole term, and those that began in the month
--   volume        the denominator
--   cases         the numerator: households behind the figure
--   base_cases    not used here: these households are not in arrears
-- checks:
--   numerator between 0 and denominator
-- indicators:
--   onset_rate:
--     family: flows
--     position: 160
--     headline: true
--     label_fr: Taux d'entrée en impayé
--     unit: ratio
--     good_direction: down
--     perimeter: present
--     formula_fr: baux présents qui doivent un terme entier à la fin du mois et n'en devaient aucun à son début ÷ baux présents qui n'en devaient aucun au début du mois (ou entrés dans le mois)
--   onset_rate.only_adjustment:
--     family: flows
--     position: 161
--     label_fr: Entrées dues à un seul rappel ou une seule régularisation
--     unit: ratio
--     good_direction: down
--     perimeter: present
--     formula_fr: entrées en impayé qui n'auraient pas eu lieu sans un rappel d'aide au logement ou une régularisation de charges du mois ÷ baux présents qui ne devaient aucun terme entier au début du mois. Elles sont comprises dans le taux d'entrée en impayé
with lease_month as (
    select lease_id, month, agency_id, status, terms_owed from arrears.lease_month where use = 'residential'
),
lease as (
    select lease_id, date_trunc('month', start_on)::date as begun_in from ledger.lease
),
spell as (
    select onset_month, agency_id, only_adjustment
    from arrears.spell
    where use = 'residential' and onset_seen
),
closing as (
    select month, is_partial from arrears.closing
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
at_risk as (
    select agency_id, (month + interval 1 month)::date as month, count(*) as leases
    from lease_month
    where status = 'present' and terms_owed < 1
    group by agency_id, month
    union all
    select lease_month.agency_id, lease_month.month, count(*) as leases
    from lease_month
    inner join lease on lease_month.lease_id = lease.lease_id and lease_month.month = lease.begun_in
    where lease_month.status = 'present'
    group by lease_month.agency_id, lease_month.month
),
at_risk_by_agency as (
    select agency_id, month, sum(leases) as leases from at_risk group by agency_id, month
),
onset as (
    select
        agency_id,
        onset_month as month,
        count(*) as onsets,
        count(*) filter (where only_adjustment) as only_adjustment
    from spell
    group by agency_id, onset_month
),
by_slice as (
    select
        slice.level,
        slice.slice_id,
        closing.month,
        closing.is_partial,
        sum(at_risk_by_agency.leases) as leases,
        coalesce(sum(onset.onsets), 0) as onsets,
        coalesce(sum(onset.only_adjustment), 0) as only_adjustment
    from at_risk_by_agency
    inner join closing on at_risk_by_agency.month = closing.month
    inner join slice on at_risk_by_agency.agency_id = slice.agency_id
    left join onset on at_risk_by_agency.agency_id = onset.agency_id and at_risk_by_agency.month = onset.month
    where closing.month > (select min(month) from closing)
    group by slice.level, slice.slice_id, closing.month, closing.is_partial
),
told as (
    select
        indicator.indicator_id,
        by_slice.level,
        by_slice.slice_id,
        by_slice.month,
        by_slice.is_partial,
        case indicator.indicator_id when 'onset_rate' then by_slice.onsets else by_slice.only_adjustment end::decimal(18, 2)
            as numerator,
        by_slice.leases::decimal(18, 2) as denominator,
        by_slice.leases::integer as volume,
        case indicator.indicator_id when 'onset_rate' then by_slice.onsets else by_slice.only_adjustment end::integer as cases,
        null::integer as base_cases
    from by_slice
    cross join (values ('onset_rate'), ('onset_rate.only_adjustment')) as indicator (indicator_id)
)
select * from told
