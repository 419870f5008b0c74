-- Share of the calls due in a month received by the end of that month, and one, three and six months later, under each allocation
-- policy. The month told is the one in which it is read: collection_m3 of June looks at the calls due in March, so that every
-- closing tells every figure. Calls are net calls, of leases present at the closing of the month in which they fell due.
-- A call is received as far as the principal paid, oldest first, reaches it; with what else falls due the same day it shares in
-- proportion. A payment taken back (rejected) was not received: it is no younger debt here, it reopens what it had paid.
-- As booked, what the landlord lettered counts as lettered, the rest follows the legal default; told for slices and months where
-- it lettered something.
-- grain: indicator_id, level, slice_id, month
-- columns:
--   indicator_id  collection_m0, _m1, _m3 or _m6, followed by .as_booked, .principal_first or .legal_default
--   level         company, sector or agency
--   slice_id      the slice
--   month         the month at whose closing it is read
--   is_partial    true for the month under way
--   numerator     euros of those calls received by then
--   denominator   euros of the calls that fell due that many months earlier
--   volume        calls that fell due
--   cases         leases whose calls are not wholly received: the households behind what is missing
--   base_cases    not used here
--   due_month     the month in which the calls fell due
--   booked        euros of the numerator that the landlord lettered; zero under the other policies
-- checks:
--   numerator between 0 and denominator
--   booked between 0 and numerator
-- indicators:
--   collection_m0.legal_default: &call
--     family: recovery
--     position: 12
--     label_fr: Quittances encaissées le mois même, règle légale
--     unit: ratio
--     good_direction: up
--     perimeter: present
--     formula_fr: "part des quittances nettes échues dans le mois, locataires présents, encaissée à la fin du même mois. Imputation légale (Code civil 1342-10)"
--   collection_m1.legal_default: { <<: *call, position: 13, label_fr: "Quittances encaissées à un mois, règle légale", formula_fr: "part des quittances nettes échues le mois précédent, locataires présents, encaissée à la fin du mois. Imputation légale (Code civil 1342-10)" }
--   collection_m3.legal_default: { <<: *call, position: 14, headline: true, label_fr: "Quittances encaissées à trois mois, règle légale", formula_fr: "part des quittances nettes échues trois mois plus tôt, locataires présents, encaissée à la fin du mois. Imputation légale (Code civil 1342-10)" }
--   collection_m6.legal_default: { <<: *call, position: 15, label_fr: "Quittances encaissées à six mois, règle légale", formula_fr: "part des quittances nettes échues six mois plus tôt, locataires présents, encaissée à la fin du mois. Imputation légale (Code civil 1342-10)" }
--   collection_m0.principal_first: { <<: *call, position: 16, label_fr: "Quittances encaissées le mois même, principal d'abord", formula_fr: "part des quittances nettes échues dans le mois, locataires présents, encaissée à la fin du même mois, si le principal est toujours servi le premier" }
--   collection_m1.principal_first: { <<: *call, position: 17, label_fr: "Quittances encaissées à un mois, principal d'abord", formula_fr: "part des quittances nettes échues le mois précédent, locataires présents, encaissée à la fin du mois, si le principal est toujours servi le premier" }
--   collection_m3.principal_first: { <<: *call, position: 18, label_fr: "Quittances encaissées à trois mois, principal d'abord", formula_fr: "part des quittances nettes échues trois mois plus tôt, locataires présents, encaissée à la fin du mois, si le principal est toujours servi le premier" }
--   collection_m6.principal_first: { <<: *call, position: 19, label_fr: "Quittances encaissées à six mois, principal d'abord", formula_fr: "part des quittances nettes échues six mois plus tôt, locataires présents, encaissée à la fin du mois, si le principal est toujours servi le premier" }
--   collection_m0.as_booked: { <<: *call, position: 24, label_fr: "Quittances encaissées le mois même, selon le lettrage", formula_fr: "part des quittances nettes échues dans le mois, locataires présents, encaissée à la fin du même mois. Lettrage du bailleur, règle légale pour ce qu'il n'a pas lettré (voir la part des encaissements lettrée)" }
--   collection_m1.as_booked: { <<: *call, position: 25, label_fr: "Quittances encaissées à un mois, selon le lettrage", formula_fr: "part des quittances nettes échues le mois précédent, locataires présents, encaissée à la fin du mois. Lettrage du bailleur, règle légale pour ce qu'il n'a pas lettré (voir la part des encaissements lettrée)" }
--   collection_m3.as_booked: { <<: *call, position: 26, label_fr: "Quittances encaissées à trois mois, selon le lettrage", formula_fr: "part des quittances nettes échues trois mois plus tôt, locataires présents, encaissée à la fin du mois. Lettrage du bailleur, règle légale pour ce qu'il n'a pas lettré (voir la part des encaissements lettrée)" }
--   collection_m6.as_booked: { <<: *call, position: 27, label_fr: "Quittances encaissées à six mois, selon le lettrage", formula_fr: "part des quittances nettes échues six mois plus tôt, locataires présents, encaissée à la fin du mois. Lettrage du bailleur, règle légale pour ce qu'il n'a pas lettré (voir la part des encaissements lettrée)" }
with position as (
    select way, lease_id, month, closing_on, principal_settled from allocation.position
),
policy as (
    select policy, way from allocation.policy
),
closing as (
    select month, closing_on, is_partial from arrears.closing
),
lease as (
    select lease_id, agency_id, end_on from ledger.lease where use = 'residential'
),
posting as (
    select lease_id, counts_on, kind, component, amount
    from ledger.posting
    where kind in ('payment', 'payment_rejected', 'guarantor_payment') and amount > 0
),
call_part as (
    select lease_id, due_on, amount from ledger.call_part
),
debit as (
    select lease_id, due_on, amount, total_amount from ledger.debit where component = 'principal'
),
debit_left as (
    select lease_id, due_on, amount, total_amount from allocation.debit_left where component = 'principal'
),
lettered as (
    select lease_id, due_on, received_on, amount from allocation.lettered where component = 'principal'
),
slice as (
    select level, slice_id, agency_id from kpi.slice
),
reading as (
    select 0 as months
    union all
    select 1 as months
    union all
    select 3 as months
    union all
    select 6 as months
),
home as (
    select position.way, position.lease_id, position.month, position.closing_on, position.principal_settled
    from position
    semi join lease on position.lease_id = lease.lease_id
),
own_lease as (
    select distinct way, lease_id from home where way <> 'legal_default'
),
own_as_booked as (
    select lease_id from own_lease where way = 'as_booked'
),
own_principal_first as (
    select lease_id from own_lease where way = 'principal_first'
),
called as (
    select lease_id, due_on, sum(amount)::decimal(14, 2) as called
    from call_part
    semi join lease on call_part.lease_id = lease.lease_id
    group by lease_id, due_on
    having sum(amount) > 0
),
asked as (
    select debit.lease_id, debit.due_on, called.called, debit.amount, debit.total_amount
    from debit
    inner join called on debit.lease_id = called.lease_id and debit.due_on = called.due_on
),
taken_back as (
    select lease_id, counts_on as due_on, sum(amount) as amount
    from posting
    where component = 'principal'
    group by lease_id, counts_on
),
taken_back_on_way as (
    select 'legal_default' as way, lease_id, due_on, amount from taken_back
    union all
    select 'principal_first' as way, taken_back.lease_id, taken_back.due_on, taken_back.amount
    from taken_back
    inner join own_principal_first on taken_back.lease_id = own_principal_first.lease_id
    union all
    select
        'as_booked' as way,
        taken_back.lease_id,
        taken_back.due_on,
        round(taken_back.amount * debit_left.amount / debit.amount, 2) as amount
    from taken_back
    inner join debit on taken_back.lease_id = debit.lease_id and taken_back.due_on = debit.due_on
    inner join debit_left on taken_back.lease_id = debit_left.lease_id and taken_back.due_on = debit_left.due_on
),
taken_back_so_far as (
    select
        way,
        lease_id,
        due_on,
        lead(due_on, 1, date '9999-12-31') over so_far as until_on,
        amount::decimal(14, 2) as amount,
        sum(amount) over so_far::decimal(14, 2) as total_amount
    from taken_back_on_way
    window so_far as (partition by way, lease_id order by due_on)
),
debt as (
    select 'legal_default' as way, lease_id, due_on, called, amount as whole, amount, total_amount
    from asked
    union all
    select 'principal_first' as way, lease_id, due_on, called, amount as whole, amount, total_amount
    from asked
    semi join own_principal_first on asked.lease_id = own_principal_first.lease_id
    union all
    select
        'as_booked' as way,
        asked.lease_id,
        asked.due_on,
        asked.called,
        asked.amount as whole,
        coalesce(debit_left.amount, 0)::decimal(14, 2) as amount,
        coalesce(debit_left.total_amount, 0)::decimal(14, 2) as total_amount
    from asked
    semi join own_as_booked on asked.lease_id = own_as_booked.lease_id
    left join debit_left on asked.lease_id = debit_left.lease_id and asked.due_on = debit_left.due_on
),
owed as (
    select
        debt.way,
        debt.lease_id,
        debt.due_on,
        debt.called,
        debt.whole,
        debt.amount as remaining,
        (debt.amount - case when taken.due_on = debt.due_on then taken.amount else 0 end)::decimal(14, 2) as amount,
        (debt.total_amount - coalesce(taken.total_amount, 0))::decimal(14, 2) as total_amount
    from debt
    left join taken_back_so_far as taken
        on debt.way = taken.way
        and debt.lease_id = taken.lease_id
        and debt.due_on >= taken.due_on
        and debt.due_on < taken.until_on
),
settled as (
    select
        home.way,
        home.lease_id,
        home.month,
        home.closing_on,
        (home.principal_settled - coalesce(taken.total_amount, 0))::decimal(14, 2) as settled
    from home
    left join taken_back_so_far as taken
        on home.way = taken.way
        and home.lease_id = taken.lease_id
        and home.closing_on >= taken.due_on
        and home.closing_on < taken.until_on
),
read as (
    select
        way,
        lease_id,
        month,
        closing_on,
        settled as settled_0,
        lead(settled, 1) over lease_months as settled_1,
        lead(settled, 3) over lease_months as settled_3,
        lead(settled, 6) over lease_months as settled_6
    from settled
    window lease_months as (partition by way, lease_id order by month)
),
paid as (
    select
        owed.way,
        owed.lease_id,
        read.month,
        owed.due_on,
        owed.called,
        case
            when owed.called = owed.whole or owed.amount <= 0 then 1
            else (100 * owed.called)::hugeint * (100 * owed.remaining)::hugeint
        end as part,
        case
            when owed.called = owed.whole or owed.amount <= 0 then 1
            else (100 * owed.whole)::hugeint * (100 * owed.amount)::hugeint
        end as of_whole,
        least(greatest(read.settled_0 - owed.total_amount + owed.amount, 0), owed.amount)::decimal(14, 2) as paid_0,
        least(greatest(read.settled_1 - owed.total_amount + owed.amount, 0), owed.amount)::decimal(14, 2) as paid_1,
        least(greatest(read.settled_3 - owed.total_amount + owed.amount, 0), owed.amount)::decimal(14, 2) as paid_3,
        least(greatest(read.settled_6 - owed.total_amount + owed.amount, 0), owed.amount)::decimal(14, 2) as paid_6
    from owed
    inner join read
        on owed.way = read.way
        and owed.lease_id = read.lease_id
        and date_trunc('month', owed.due_on)::date = read.month
        and owed.due_on <= read.closing_on
),
pair as (
    select
        lettered.lease_id,
        lettered.due_on,
        lettered.received_on,
        lettered.amount::double * asked.called / asked.amount as amount
    from lettered
    inner join asked on lettered.lease_id = asked.lease_id and lettered.due_on = asked.due_on
    where lettered.received_on <= (select max(closing_on) from closing)
),
booked as (
    select
        lease_id,
        due_on,
        round(sum(amount) filter (where received_on <= last_day(due_on + to_months(0))), 2)::decimal(14, 2) as booked_0,
        round(sum(amount) filter (where received_on <= last_day(due_on + to_months(1))), 2)::decimal(14, 2) as booked_1,
        round(sum(amount) filter (where received_on <= last_day(due_on + to_months(3))), 2)::decimal(14, 2) as booked_3,
        round(sum(amount) filter (where received_on <= last_day(due_on + to_months(6))), 2)::decimal(14, 2) as booked_6
    from pair
    group by lease_id, due_on
),
collected as (
    select
        way,
        lease_id,
        month,
        due_on,
        called,
        case
            when part = of_whole and paid_0 >= 0 then paid_0
            else ((((200 * paid_0)::hugeint * part + of_whole) // (2 * of_whole)) / 100)::decimal(14, 2)
        end as paid_0,
        case
            when part = of_whole and paid_1 >= 0 then paid_1
            else ((((200 * paid_1)::hugeint * part + of_whole) // (2 * of_whole)) / 100)::decimal(14, 2)
        end as paid_1,
        case
            when part = of_whole and paid_3 >= 0 then paid_3
            else ((((200 * paid_3)::hugeint * part + of_whole) // (2 * of_whole)) / 100)::decimal(14, 2)
        end as paid_3,
        case
            when part = of_whole and paid_6 >= 0 then paid_6
            else ((((200 * paid_6)::hugeint * part + of_whole) // (2 * of_whole)) / 100)::decimal(14, 2)
        end as paid_6
    from paid
),
received as (
    select
        way,
        lease_id,
        month,
        called,
        paid_0 as received_0,
        paid_1 as received_1,
        paid_3 as received_3,
        paid_6 as received_6,
        0::decimal(14, 2) as booked_0,
        0::decimal(14, 2) as booked_1,
        0::decimal(14, 2) as booked_3,
        0::decimal(14, 2) as booked_6
    from collected
    where way <> 'as_booked'
    union all
    select
        collected.way,
        collected.lease_id,
        collected.month,
        collected.called,
        least(collected.paid_0 + coalesce(booked.booked_0, 0), collected.called)::decimal(14, 2) as received_0,
        least(collected.paid_1 + coalesce(booked.booked_1, 0), collected.called)::decimal(14, 2) as received_1,
        least(collected.paid_3 + coalesce(booked.booked_3, 0), collected.called)::decimal(14, 2) as received_3,
        least(collected.paid_6 + coalesce(booked.booked_6, 0), collected.called)::decimal(14, 2) as received_6,
        least(coalesce(booked.booked_0, 0), collected.called)::decimal(14, 2) as booked_0,
        least(coalesce(booked.booked_1, 0), collected.called)::decimal(14, 2) as booked_1,
        least(coalesce(booked.booked_3, 0), collected.called)::decimal(14, 2) as booked_3,
        least(coalesce(booked.booked_6, 0), collected.called)::decimal(14, 2) as booked_6
    from collected
    left join booked on collected.lease_id = booked.lease_id and collected.due_on = booked.due_on
    where collected.way = 'as_booked'
),
account as (
    select
        lease.lease_id,
        lease.agency_id,
        lease.end_on,
        own_as_booked.lease_id is not null as is_lettered,
        own_principal_first.lease_id is not null as is_charged
    from lease
    left join own_as_booked on lease.lease_id = own_as_booked.lease_id
    left join own_principal_first on lease.lease_id = own_principal_first.lease_id
),
of_present as (
    select received.*, account.agency_id, account.is_lettered, account.is_charged
    from received
    inner join account on received.lease_id = account.lease_id
    inner join closing on received.month = closing.month
    where account.end_on is null or account.end_on > closing.closing_on
),
not_whole as (
    select
        way,
        agency_id,
        month,
        is_lettered,
        is_charged,
        lease_id,
        bool_or(received_0 < called) as missing_0,
        bool_or(received_1 < called) as missing_1,
        bool_or(received_3 < called) as missing_3,
        bool_or(received_6 < called) as missing_6
    from of_present
    where received_0 < called or received_1 < called or received_3 < called or received_6 < called
    group by way, agency_id, month, is_lettered, is_charged, lease_id
),
missing as (
    select
        way,
        agency_id,
        month,
        is_lettered,
        is_charged,
        count(*) filter (where missing_0) as cases_0,
        count(*) filter (where missing_1) as cases_1,
        count(*) filter (where missing_3) as cases_3,
        count(*) filter (where missing_6) as cases_6
    from not_whole
    group by way, agency_id, month, is_lettered, is_charged
),
summed as (
    select
        way,
        agency_id,
        month,
        is_lettered,
        is_charged,
        count(*) as calls,
        sum(called) as called,
        sum(received_0) as received_0,
        sum(received_1) as received_1,
        sum(received_3) as received_3,
        sum(received_6) as received_6,
        sum(booked_0) as booked_0,
        sum(booked_1) as booked_1,
        sum(booked_3) as booked_3,
        sum(booked_6) as booked_6
    from of_present
    group by way, agency_id, month, is_lettered, is_charged
),
by_agency as (
    select
        summed.*,
        coalesce(missing.cases_0, 0) as cases_0,
        coalesce(missing.cases_1, 0) as cases_1,
        coalesce(missing.cases_3, 0) as cases_3,
        coalesce(missing.cases_6, 0) as cases_6
    from summed
    left join missing
        on summed.way = missing.way
        and summed.agency_id = missing.agency_id
        and summed.month = missing.month
        and summed.is_lettered = missing.is_lettered
        and summed.is_charged = missing.is_charged
),
by_policy as (
    select policy.policy, by_agency.*
    from by_agency
    inner join policy on by_agency.way = policy.way
    union all
    select policy.policy, by_agency.*
    from by_agency
    inner join policy on by_agency.way = 'legal_default' and policy.way <> 'legal_default'
    where case policy.way when 'as_booked' then not by_agency.is_lettered else not by_agency.is_charged end
),
by_slice as (
    select
        by_policy.policy,
        slice.level,
        slice.slice_id,
        by_policy.month,
        reading.months,
        sum(by_policy.calls) as calls,
        sum(by_policy.called) as called,
        sum(
            case reading.months
                when 0 then by_policy.received_0
                when 1 then by_policy.received_1
                when 3 then by_policy.received_3
                else by_policy.received_6
            end
        ) as received,
        sum(
            case reading.months
                when 0 then by_policy.booked_0
                when 1 then by_policy.booked_1
                when 3 then by_policy.booked_3
                else by_policy.booked_6
            end
        ) as booked,
        sum(
            case reading.months
                when 0 then by_policy.cases_0
                when 1 then by_policy.cases_1
                when 3 then by_policy.cases_3
                else by_policy.cases_6
            end
        ) as cases
    from by_policy
    inner join slice on by_policy.agency_id = slice.agency_id
    cross join reading
    group by by_policy.policy, slice.level, slice.slice_id, by_policy.month, reading.months
),
told as (
    select
        'collection_m' || by_slice.months || '.' || by_slice.policy as indicator_id,
        by_slice.level,
        by_slice.slice_id,
        closing.month,
        closing.is_partial,
        by_slice.received::decimal(18, 2) as numerator,
        by_slice.called::decimal(18, 2) as denominator,
        by_slice.calls::integer as volume,
        by_slice.cases::integer as cases,
        null::integer as base_cases,
        by_slice.month as due_month,
        by_slice.booked::decimal(18, 2) as booked
    from by_slice
    inner join closing on by_slice.month + to_months(by_slice.months) = closing.month
    where by_slice.policy <> 'as_booked' or by_slice.booked > 0
)
select * from told
