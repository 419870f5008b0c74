-- Recovery rate over twelve months: of what was asked, the share that is neither still receivable nor lost.
-- Q principal billed (rent, charges, supplements, adjustments, repairs); C signed receivables of the same components, due
-- or not, present and departed together (accounts 411 and 416); W their write-offs. By booking date.
-- Q + C_open - C_close - W = receipts of principal, benefit and rebate among them: checked on every row.
-- Receipts that reached fees or court costs are taken out as they were imputed (arrears.component_due).
-- An opening balance is a receivable carried over, not a billing: booked within the twelve months (a ledger begun, a lease
-- taken over), it belongs to C_open.
-- The month under way is told to date over the twelve months that end on the as-of date: from the day after the same day a
-- year before, so that as many calls as receipts stand in them.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  recovery_rate_12m, or recovery_rate_12m.net (net calls, tenants' receipts)
--   level         company, sector or agency
--   slice_id      the slice
--   month         last month of the twelve
--   is_partial    true for the month under way
--   numerator     Q + C_open - (C_close + W), less third_party: euros
--   denominator   Q, euros
--   volume        present leases
--   cases         not used here: the figure counts no household
--   base_cases    not used here
--   billed        Q
--   open          C_open: signed receivables at the start, and those carried over since
--   close         C_close: signed receivables at the end
--   written_off   W
--   third_party   receipts from guarantors, FSL and others, where the figure leaves them out; else 0
--   received      receipts that the figure counts, summed from the entries
-- checks:
--   billed + open - close - written_off - third_party = received
--   numerator = received
-- indicators:
--   recovery_rate_12m:
--     family: recovery
--     position: 10
--     headline: true
--     label_fr: Taux de recouvrement sur 12 mois
--     unit: ratio
--     good_direction: up
--     perimeter: both
--     formula_fr: "(quittancé brut + créances au début − créances à la fin − pertes) ÷ quittancé brut, sur 12 mois. Créances échues ou non, présents et partis (comptes 411 et 416), hors frais et dépens. Repère du secteur : 98 à 99,5 %"
--   recovery_rate_12m.net:
--     family: recovery
--     position: 11
--     label_fr: Taux de recouvrement sur 12 mois, part des locataires
--     unit: ratio
--     good_direction: up
--     perimeter: both
--     formula_fr: "le même calcul sur la part demandée aux ménages : quittancé net de l'aide au logement et de la réduction de loyer, et encaissements des seuls locataires, sans ceux des garants, du FSL ni d'autres tiers"
with night as (
    select as_of from strategy.night
),
agency_day as (
    select
        agency_id, booked_on, billed, balance, carried_over, outside_principal, written_off, received, benefit, from_third_parties
    from ledger.agency_day
),
lease as (
    select lease_id, agency_id, use, start_on, end_on from ledger.lease
),
closing as (
    select month, closing_on, is_partial from arrears.closing
),
component_due as (
    select lease_id, on_date, fee_paid + court_cost_paid as paid_outside_principal from arrears.component_due
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
residential as (
    select lease_id, agency_id, start_on, end_on from lease where use = 'residential'
),
year as (
    select
        month,
        closing_on,
        is_partial,
        (
            case when is_partial then closing_on - interval 12 months else last_day(month - interval 12 months) end
        )::date as opening_on
    from closing
    qualify opening_on >= min(month) over () - 1
),
paid_outside as (
    select
        residential.agency_id,
        component_due.on_date,
        component_due.paid_outside_principal
        - coalesce(
            lag(component_due.paid_outside_principal) over (partition by component_due.lease_id order by component_due.on_date), 0
        ) as paid
    from component_due
    inner join residential on component_due.lease_id = residential.lease_id
),
outside as (
    select agency_id, on_date, sum(paid) as paid
    from paid_outside
    where on_date <= (select as_of from night)
    group by agency_id, on_date
),
day as (
    select
        coalesce(agency_day.agency_id, outside.agency_id) as agency_id,
        coalesce(agency_day.booked_on, outside.on_date) as on_date,
        coalesce(agency_day.billed, 0) as billed,
        coalesce(agency_day.carried_over, 0) as carried_over,
        coalesce(agency_day.balance, 0) - coalesce(agency_day.outside_principal, 0) + coalesce(outside.paid, 0) as change,
        coalesce(agency_day.written_off, 0) as written_off,
        coalesce(agency_day.received, 0) - coalesce(outside.paid, 0) as received,
        coalesce(agency_day.benefit, 0) as benefit,
        coalesce(agency_day.from_third_parties, 0) as from_third_parties
    from agency_day
    full join outside on agency_day.agency_id = outside.agency_id and agency_day.booked_on = outside.on_date
),
so_far as (
    select
        agency_id,
        on_date,
        sum(billed) over running as billed,
        sum(carried_over) over running as carried_over,
        sum(change) over running as receivable,
        sum(written_off) over running as written_off,
        sum(received) over running as received,
        sum(benefit) over running as benefit,
        sum(from_third_parties) over running as from_third_parties
    from day
    window running as (partition by agency_id order by on_date)
),
agency_year as (
    select distinct residential.agency_id, year.month, year.closing_on, year.opening_on, year.is_partial
    from residential
    cross join year
),
at_close as (
    select agency_year.month, agency_year.opening_on, agency_year.is_partial, so_far.*
    from agency_year
    asof inner join so_far on agency_year.agency_id = so_far.agency_id and agency_year.closing_on >= so_far.on_date
),
over_year as (
    select
        at_close.agency_id,
        at_close.month,
        at_close.is_partial,
        at_close.billed - coalesce(so_far.billed, 0) as billed,
        at_close.written_off - coalesce(so_far.written_off, 0) as written_off,
        at_close.received - coalesce(so_far.received, 0) as received,
        at_close.benefit - coalesce(so_far.benefit, 0) as benefit,
        at_close.from_third_parties - coalesce(so_far.from_third_parties, 0) as from_third_parties,
        at_close.receivable as close,
        coalesce(so_far.receivable, 0) + at_close.carried_over - coalesce(so_far.carried_over, 0) as open
    from at_close
    asof left join so_far on at_close.agency_id = so_far.agency_id and at_close.opening_on >= so_far.on_date
),
present as (
    select residential.agency_id, closing.month, count(*) as leases
    from residential
    inner join closing
        on residential.start_on <= closing.closing_on
        and (residential.end_on is null or residential.end_on > closing.closing_on)
    group by 1, 2
),
agency_present as (
    select agency_year.agency_id, agency_year.month, agency_year.is_partial, coalesce(present.leases, 0) as leases
    from agency_year
    left join present on agency_year.agency_id = present.agency_id and agency_year.month = present.month
),
by_slice as (
    select
        slice.level,
        slice.slice_id,
        agency_present.month,
        agency_present.is_partial,
        coalesce(sum(over_year.billed), 0)::decimal(18, 2) as billed,
        coalesce(sum(over_year.open), 0)::decimal(18, 2) as open,
        coalesce(sum(over_year.close), 0)::decimal(18, 2) as close,
        coalesce(sum(over_year.written_off), 0)::decimal(18, 2) as written_off,
        coalesce(sum(over_year.received), 0)::decimal(18, 2) as received,
        coalesce(sum(over_year.benefit), 0)::decimal(18, 2) as benefit,
        coalesce(sum(over_year.from_third_parties), 0)::decimal(18, 2) as third_party,
        sum(agency_present.leases)::integer as volume
    from agency_present
    inner join slice on agency_present.agency_id = slice.agency_id
    left join over_year on agency_present.agency_id = over_year.agency_id and agency_present.month = over_year.month
    group by slice.level, slice.slice_id, agency_present.month, agency_present.is_partial
),
gross_and_net as (
    select
        'recovery_rate_12m' as indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        billed,
        open,
        close,
        written_off,
        0::decimal(18, 2) as third_party,
        received,
        volume
    from by_slice
    union all
    select
        'recovery_rate_12m.net' as indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        billed - benefit as billed,
        open,
        close,
        written_off,
        third_party,
        received - benefit - third_party as received,
        volume
    from by_slice
),
rate as (
    select
        indicator_id,
        level,
        slice_id,
        month,
        is_partial,
        (billed + open - (close + written_off) - third_party)::decimal(18, 2) as numerator,
        billed::decimal(18, 2) as denominator,
        volume,
        null::integer as cases,
        null::integer as base_cases,
        billed,
        open,
        close,
        written_off,
        third_party,
        received
    from gross_and_net
)
select * from rate
