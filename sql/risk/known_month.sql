-- One row per present residential lease and month end, as it was known on that day: what was booked later changes nothing in it.
-- An entry counts once it is booked and due (risk.known_posting). Only principal counts, and it is paid first, oldest first:
-- reminder fees, which follow arrears, must not tell of them. A debt is a term over the last call past its grace days.
-- The month under way is not told: it is not over.
-- grain: lease_id, month
-- per: lease_id
-- columns:
--   lease_id          the lease
--   month             first day of the month
--   closing_on        its last day
--   due_on            due date of the call whose grace days ended in the month; null where none did
--   gross_call        that call: rent, charges and supplement
--   benefit           housing benefit and rent rebate that reduced it
--   net_call          what the household was asked for it
--   term              euros that make one term: that call's, else the last one known
--   balance           principal due and not received on the day; credit negative
--   not_matured       the part of what is due whose grace days are not over
--   total_asked       all that was ever asked past its grace days
--   total_terms       the same in terms
--   unpaid            the part of it that is unpaid
--   terms_owed        that in terms; whole terms are its floor
--   spell_months      consecutive closings, this one included, with at least one whole term owed
--   spells            spells begun so far, an ongoing one included
--   last_owing_month  month of the last closing with a whole term owed before this one, or before the ongoing spell
--   call_paid_share   share of the month's call that was paid by the closing; null where nothing was asked
--   days_late         days from the due date until the call and all before it were paid, negative when early, -31 at least; until the closing where they are not
--   is_settled        whether the call was paid by the closing
--   paid              euros that the household paid in the month
--   payments          how many times
--   channel           how it paid last; null where nothing tells
--   third_party       euros that the solidarity fund, a guarantor or others paid for it
--   clawback          housing benefit taken back in the month
--   other_debits      principal asked in the month beyond calls: adjustments of charges, repairs
-- checks:
--   terms_owed >= 0 and unpaid >= 0
--   call_paid_share is null or (call_paid_share >= 0 and call_paid_share <= 1)
--   due_on is null or due_on <= closing_on
--   (days_late is null) = (due_on is null)
with setting as (
    select net_call_floor_share, late_euros from strategy.setting
),
closing as (
    select month, closing_on from arrears.closed_month
),
lease as (
    select lease_id, start_on, end_on from ledger.lease where use = 'residential'
),
entry as (
    select id, lease_id, booked_on, coalesce(value_on, due_on, booked_on) as counts_on, amount, payer, channel
    from ledger.entry
    where kind in ('payment', 'guarantor_payment') and amount < 0
),
known_amount as not materialized (
    select lease_id, known_on, matured_on, amount, gross_call, benefit, other_debits, clawback, counts_on
    from risk.known_amount
),
call as (
    select lease_id, due_on, matured_on from risk.known_call
),
last_closing as (
    select max(closing_on) as closing_on from closing
),
spine as (
    select lease.lease_id, closing.month, closing.closing_on
    from lease
    inner join closing
        on closing.closing_on >= lease.start_on and (lease.end_on is null or closing.closing_on < lease.end_on)
),
first_row as (
    select lease_id, min(month) as month from spine group by lease_id
),
known as (
    select
        known_amount.lease_id,
        greatest(date_trunc('month', known_amount.known_on)::date, first_row.month) as month,
        sum(known_amount.amount) as change,
        sum(known_amount.amount) filter (where known_amount.matured_on is not null) as debit,
        sum(known_amount.clawback) as clawback,
        sum(known_amount.other_debits) as other_debits
    from known_amount
    inner join first_row on known_amount.lease_id = first_row.lease_id
    where known_amount.known_on <= (select closing_on from last_closing)
    group by 1, 2
),
matured as (
    select
        known_amount.lease_id,
        greatest(date_trunc('month', known_amount.matured_on)::date, first_row.month) as month,
        sum(known_amount.amount) as debit,
        sum(known_amount.gross_call) as gross_call,
        sum(known_amount.benefit) as benefit
    from known_amount
    inner join first_row on known_amount.lease_id = first_row.lease_id
    where known_amount.matured_on <= (select closing_on from last_closing)
    group by 1, 2
),
called as (
    select
        call.lease_id,
        greatest(date_trunc('month', call.matured_on)::date, first_row.month) as month,
        max(call.due_on) as due_on,
        count(*) as calls
    from call
    inner join first_row on call.lease_id = first_row.lease_id
    where call.matured_on <= (select closing_on from last_closing)
    group by 1, 2
),
received as (
    select
        entry.lease_id,
        greatest(date_trunc('month', greatest(entry.booked_on, entry.counts_on))::date, first_row.month) as month,
        -sum(entry.amount) filter (where coalesce(entry.payer, 'tenant') = 'tenant') as paid,
        count(*) filter (where coalesce(entry.payer, 'tenant') = 'tenant') as payments,
        arg_max(entry.channel, row(entry.counts_on, entry.booked_on, entry.id)) filter (
            where coalesce(entry.payer, 'tenant') = 'tenant'
        ) as channel,
        -sum(entry.amount) filter (where entry.payer in ('fsl', 'guarantor', 'other')) as third_party
    from entry
    inner join first_row on entry.lease_id = first_row.lease_id
    where greatest(entry.booked_on, entry.counts_on) <= (select closing_on from last_closing)
    group by 1, 2
),
by_month as (
    select
        spine.lease_id,
        spine.month,
        spine.closing_on,
        called.due_on,
        called.calls,
        case when called.calls > 0 then coalesce(matured.gross_call, 0) end::decimal(12, 2) as gross_call,
        case when called.calls > 0 then coalesce(matured.benefit, 0) end::decimal(12, 2) as benefit,
        coalesce(known.change, 0)::decimal(14, 2) as change,
        coalesce(known.debit, 0)::decimal(14, 2) as debit_known,
        coalesce(matured.debit, 0)::decimal(14, 2) as debit_matured,
        coalesce(known.clawback, 0)::decimal(12, 2) as clawback,
        coalesce(known.other_debits, 0)::decimal(12, 2) as other_debits
    from spine
    left join known on spine.lease_id = known.lease_id and spine.month = known.month
    left join matured on spine.lease_id = matured.lease_id and spine.month = matured.month
    left join called on spine.lease_id = called.lease_id and spine.month = called.month
),
asked as (
    select
        by_month.* exclude (calls),
        case
            when by_month.calls > 0 then greatest(by_month.gross_call - by_month.benefit, 0)::decimal(12, 2)
        end as net_call,
        case
            when by_month.gross_call <= 0 then null
            when by_month.gross_call - by_month.benefit < by_month.gross_call * setting.net_call_floor_share
                then by_month.gross_call / by_month.calls
            else (by_month.gross_call - by_month.benefit) / by_month.calls
        end as own_term
    from by_month
    cross join setting
),
running as (
    select
        asked.* exclude (change, debit_known, own_term),
        sum(change) over so_far::decimal(14, 2) as balance,
        sum(debit_known - debit_matured) over so_far::decimal(14, 2) as not_matured,
        sum(debit_matured) over so_far::decimal(14, 2) as total_debit,
        sum(greatest(debit_matured, 0)) over so_far::decimal(14, 2) as total_asked,
        last_value(own_term ignore nulls) over so_far as term,
        first_value(own_term ignore nulls) over onward as next_term
    from asked
    window
        so_far as (partition by lease_id order by month),
        onward as (partition by lease_id order by month rows between current row and unbounded following)
),
in_terms as (
    select
        running.* exclude (next_term),
        greatest(debit_matured, 0) / coalesce(term, next_term) as terms,
        greatest(balance - greatest(not_matured, 0), 0)::decimal(14, 2) as unpaid,
        sum(greatest(debit_matured, 0) / coalesce(term, next_term)) over (partition by lease_id order by month) as total_terms
    from running
),
debit as (
    select lease_id, debit_matured, terms, total_asked, total_terms from in_terms where debit_matured > 0
),
indebted as (
    select lease_id, month, total_asked, total_terms, unpaid, total_asked - unpaid as settled
    from in_terms
    where unpaid > 0 and term is not null
),
owing as (
    select
        indebted.lease_id,
        indebted.month,
        indebted.total_terms - debit.total_terms
        + debit.terms * (debit.total_asked - indebted.settled) / debit.debit_matured as terms_owed
    from indebted
    asof inner join debit on indebted.lease_id = debit.lease_id and indebted.settled < debit.total_asked
),
total_credit as (
    select
        lease_id,
        known_on,
        counts_on,
        sum(-amount) over (partition by lease_id order by known_on)::decimal(14, 2) as total
    from known_amount
    where matured_on is null and amount < 0 and known_on <= (select closing_on from last_closing)
),
wanted as (
    select in_terms.lease_id, in_terms.month, (in_terms.total_debit - setting.late_euros)::decimal(14, 2) as total
    from in_terms
    cross join setting
    where in_terms.due_on is not null
),
settled as (
    select wanted.lease_id, wanted.month, total_credit.known_on, total_credit.counts_on
    from wanted
    asof inner join total_credit on wanted.lease_id = total_credit.lease_id and wanted.total <= total_credit.total
),
ever_owing as (
    select distinct lease_id from owing where terms_owed >= 1 - 5e-7
),
with_terms as (
    select
        in_terms.lease_id,
        in_terms.month,
        round(coalesce(owing.terms_owed, 0), 6)::double as terms_owed,
        (year(in_terms.month) * 12 + month(in_terms.month))::integer as month_number,
        lag(coalesce(owing.terms_owed, 0) >= 1 - 5e-7, 1, false) over (
            partition by in_terms.lease_id order by in_terms.month
        ) as owed_before
    from in_terms
    semi join ever_owing on in_terms.lease_id = ever_owing.lease_id
    left join owing on in_terms.lease_id = owing.lease_id and in_terms.month = owing.month
),
with_spells as (
    select
        lease_id,
        month,
        case
            when terms_owed >= 1
                then month_number - coalesce(max(month_number) filter (where terms_owed < 1) over so_far, min(month_number) over so_far - 1)
            else 0
        end as spell_months,
        count(*) filter (where terms_owed >= 1 and not owed_before) over so_far as spells,
        max(case when terms_owed < 1 and owed_before then (month - interval 1 month)::date end) over so_far as last_spell_ended
    from with_terms
    window so_far as (partition by lease_id order by month)
),
told as (
    select
        in_terms.lease_id,
        in_terms.month,
        in_terms.closing_on,
        in_terms.due_on,
        in_terms.gross_call,
        in_terms.benefit,
        in_terms.net_call,
        round(in_terms.term, 2)::decimal(12, 2) as term,
        in_terms.balance,
        in_terms.not_matured,
        in_terms.total_asked,
        round(in_terms.total_terms, 9)::double as total_terms,
        in_terms.unpaid,
        round(coalesce(owing.terms_owed, 0), 6)::double as terms_owed,
        coalesce(with_spells.spell_months, 0)::integer as spell_months,
        coalesce(with_spells.spells, 0)::integer as spells,
        with_spells.last_spell_ended as last_owing_month,
        case
            when in_terms.net_call > 0 then round(1 - least(in_terms.unpaid / in_terms.net_call, 1), 6)::double
        end as call_paid_share,
        case
            when in_terms.due_on is null then null
            when settled.known_on <= in_terms.closing_on
                then greatest(settled.counts_on, in_terms.due_on - 31) - in_terms.due_on
            when in_terms.unpaid <= setting.late_euros then 0
            else in_terms.closing_on - in_terms.due_on
        end::integer as days_late,
        coalesce(settled.known_on <= in_terms.closing_on, false) or in_terms.unpaid <= setting.late_euros as is_settled,
        coalesce(received.paid, 0)::decimal(12, 2) as paid,
        coalesce(received.payments, 0)::integer as payments,
        received.channel::varchar as channel,
        coalesce(received.third_party, 0)::decimal(12, 2) as third_party,
        in_terms.clawback,
        in_terms.other_debits
    from in_terms
    cross join setting
    left join owing on in_terms.lease_id = owing.lease_id and in_terms.month = owing.month
    left join with_spells on in_terms.lease_id = with_spells.lease_id and in_terms.month = with_spells.month
    left join settled on in_terms.lease_id = settled.lease_id and in_terms.month = settled.month
    left join received on in_terms.lease_id = received.lease_id and in_terms.month = received.month
)
select * from told
