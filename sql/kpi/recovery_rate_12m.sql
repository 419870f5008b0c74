-- Recovery rate over twelve months: of what was asked, the share that is neither still receivable nor lost.
-- Q principal billed (rent, charges, supplements, adjustments, repairs); C signed receivables of the same components, due
-- or not, present and departed together (accounts 411 and 416); W their write-offs. By booking date.
-- Q + C_open - C_close - W = receipts of principal, benefit and rebate among them: checked on every row.
-- Receipts that reached fees or court costs are taken out as they were imputed (arrears.component_due).
-- An opening balance is a receivable carried over, not a billing: booked within the twelve months (a ledger begun, a lease
-- taken over), it belongs to C_open.
-- Told for months that are over: calls are booked at one end of the month and receipts all along it, so that a month under way
-- would set twelve months of receipts against eleven of calls.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  recovery_rate_12m, or recovery_rate_12m.net (net calls, tenants' receipts)
--   level         company, sector or agency
--   slice_id      the slice
--   month         last month of the twelve
--   is_partial    always false
--   numerator     Q + C_open - (C_close + W), euros
--   denominator   Q, euros
--   volume        present leases
--   cases         not used here: the figure counts no household
--   base_cases    not used here
--   billed        Q
--   open          C_open: signed receivables at the start, and those carried over since
--   close         C_close: signed receivables at the end
--   written_off   W
--   received      receipts, summed from the entries
-- checks:
--   not is_partial
--   billed + open - close - written_off = received
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
--     formula_fr: "le même calcul sur la part demandée aux ménages : quittancé net de l'aide au logement et de la réduction de loyer, et encaissements des seuls locataires"
with posting as (
    select lease_id, booked_on, kind, flow, component, amount from ledger.posting
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
booked as (
    select
        residential.agency_id,
        date_trunc('month', posting.booked_on)::date as month,
        sum(posting.amount) filter (where posting.flow in ('call', 'billing')) as billed,
        sum(posting.amount) as balance,
        sum(posting.amount) filter (where posting.flow = 'opening' and posting.component = 'principal') as carried_over,
        sum(posting.amount) filter (
            where posting.component <> 'principal' and posting.flow not in ('receipt', 'benefit')
        ) as outside_principal,
        -sum(posting.amount) filter (where posting.flow = 'write_off' and posting.component = 'principal') as written_off,
        -sum(posting.amount) filter (where posting.flow in ('receipt', 'benefit')) as received,
        -sum(posting.amount) filter (where posting.kind in ('housing_benefit', 'rent_rebate')) as benefit
    from posting
    inner join residential on posting.lease_id = residential.lease_id
    group by 1, 2
),
last_paid_outside as (
    select
        component_due.lease_id,
        closing.month,
        arg_max(component_due.paid_outside_principal, component_due.on_date) as paid
    from component_due
    inner join closing
        on greatest(date_trunc('month', component_due.on_date), (select min(month) from closing)) = closing.month
        and component_due.on_date <= closing.closing_on
    group by 1, 2
),
paid_outside as (
    select
        residential.agency_id,
        last_paid_outside.month,
        last_paid_outside.paid
        - coalesce(
            lag(last_paid_outside.paid) over (partition by last_paid_outside.lease_id order by last_paid_outside.month), 0
        ) as paid
    from last_paid_outside
    inner join residential on last_paid_outside.lease_id = residential.lease_id
),
outside as (
    select agency_id, month, sum(paid) as paid from paid_outside group by agency_id, month
),
agency as (
    select distinct agency_id from residential
),
monthly as (
    select
        agency.agency_id,
        closing.month,
        closing.is_partial,
        coalesce(booked.billed, 0) as billed,
        coalesce(booked.carried_over, 0) as carried_over,
        coalesce(booked.balance, 0) - coalesce(booked.outside_principal, 0) + coalesce(outside.paid, 0) as change,
        coalesce(booked.written_off, 0) as written_off,
        coalesce(booked.received, 0) - coalesce(outside.paid, 0) as received,
        coalesce(booked.benefit, 0) as benefit
    from agency
    cross join closing
    left join booked on agency.agency_id = booked.agency_id and closing.month = booked.month
    left join outside on agency.agency_id = outside.agency_id and closing.month = outside.month
),
rolling as (
    select
        agency_id,
        month,
        is_partial,
        sum(billed) over twelve as billed,
        sum(written_off) over twelve as written_off,
        sum(received) over twelve as received,
        sum(benefit) over twelve as benefit,
        sum(change) over so_far as close,
        sum(change) over so_far - sum(change) over twelve + sum(carried_over) over twelve as open,
        count(*) over twelve as months
    from monthly
    window
        so_far as (partition by agency_id order by month),
        twelve as (partition by agency_id order by month rows between 11 preceding and current row)
),
year as (
    select agency_id, month, is_partial, billed, written_off, received, benefit, open, close
    from rolling
    where months = 12 and not is_partial
),
present as (
    select residential.agency_id, closing.month, count(*) as leases
    from residential
    inner join closing
        on residential.start_on <= closing.closing_on
        and (residential.end_on is null or residential.end_on > closing.closing_on)
    group by 1, 2
),
by_slice as (
    select
        slice.level,
        slice.slice_id,
        year.month,
        year.is_partial,
        sum(year.billed)::decimal(18, 2) as billed,
        sum(year.open)::decimal(18, 2) as open,
        sum(year.close)::decimal(18, 2) as close,
        sum(year.written_off)::decimal(18, 2) as written_off,
        sum(year.received)::decimal(18, 2) as received,
        sum(year.benefit)::decimal(18, 2) as benefit,
        coalesce(sum(present.leases), 0)::integer as volume
    from year
    inner join slice on year.agency_id = slice.agency_id
    left join present on year.agency_id = present.agency_id and year.month = present.month
    group by slice.level, slice.slice_id, year.month, year.is_partial
),
gross_and_net as (
    select
        'recovery_rate_12m' as indicator_id, level, slice_id, month, is_partial, billed, open, close, written_off, received, volume
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
        received - benefit as received,
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
        (billed + open - (close + written_off))::decimal(18, 2) as numerator,
        billed::decimal(18, 2) as denominator,
        volume,
        null::integer as cases,
        null::integer as base_cases,
        billed,
        open,
        close,
        written_off,
        received
    from gross_and_net
)
select * from rate
