-- One row per date on which risk is asked for and residential lease present on it: what is owed, as known on that day.
-- The month end before (risk.known_month), and what became known since.
-- grain: as_of, lease_id
-- per: lease_id
-- columns:
--   as_of             the date
--   lease_id          the lease
--   term              euros that make one term: those of the last call past its grace days
--   balance           principal due and not received; credit negative
--   unpaid            the part that is unpaid past its grace days
--   terms_owed        the same in terms; whole terms are its floor
--   terms_by_policy   the same, had fees and court costs taken what the landlord's allocation policy gives them
--   spell_months      1 and the month ends before without a break at which a whole term was owed; 0 where none is owed
--   spells            spells begun so far, an ongoing one included
--   last_owing_month  month of the last month end with a whole term owed, before the ongoing spell
-- checks:
--   terms_owed >= 0 and unpaid >= 0
with origin as (
    select as_of, month, whole_month from risk.origin
),
setting as (
    select net_call_floor_share from strategy.setting
),
lease as (
    select lease_id, start_on, end_on from ledger.lease where use = 'residential'
),
known_month as (
    select
        lease_id, month, term, balance, not_matured, total_asked, total_terms, terms_owed, spell_months, spells, last_owing_month
    from risk.known_month
),
known_amount as not materialized (
    select lease_id, known_on, matured_on, amount, gross_call, benefit from risk.known_amount
),
call as (
    select lease_id, matured_on from risk.known_call
),
imputation as (
    select lease_id, known_on, taken from risk.known_imputation
),
present as (
    select origin.as_of, origin.month, origin.whole_month, lease.lease_id
    from origin
    inner join lease
        on origin.as_of >= lease.start_on and (lease.end_on is null or origin.as_of < lease.end_on)
),
event as not materialized (
    select
        lease_id,
        known_on as on_date,
        amount as change,
        case when matured_on is not null then amount else 0 end as asked,
        0::decimal(14, 2) as matured,
        0::decimal(14, 2) as gross_call,
        0::decimal(14, 2) as benefit,
        0 as calls
    from known_amount
    union all
    select lease_id, matured_on as on_date, 0 as change, 0 as asked, amount as matured, gross_call, benefit, 0 as calls
    from known_amount
    where matured_on is not null
    union all
    select lease_id, matured_on as on_date, 0 as change, 0 as asked, 0 as matured, 0 as gross_call, 0 as benefit, 1 as calls
    from call
),
newcomer as (
    select present.as_of, present.month, present.lease_id
    from present
    anti join known_month on present.lease_id = known_month.lease_id and present.whole_month = known_month.month
),
since as (
    select origin.as_of, event.*
    from event
    inner join origin
        on date_trunc('month', event.on_date) = origin.month
        and event.on_date <= origin.as_of
        and origin.month > origin.whole_month
    union all
    select newcomer.as_of, event.*
    from event
    inner join newcomer on event.lease_id = newcomer.lease_id and event.on_date < newcomer.month
),
new as (
    select
        as_of,
        lease_id,
        sum(change) as change,
        sum(asked) - sum(matured) as not_matured,
        greatest(sum(matured), 0) as asked,
        sum(gross_call) as gross_call,
        sum(benefit) as benefit,
        sum(calls) as calls
    from since
    group by as_of, lease_id
),
together as (
    select
        present.as_of,
        present.lease_id,
        present.whole_month,
        case
            when new.calls > 0 and new.gross_call > 0
                then case
                    when new.gross_call - new.benefit < new.gross_call * setting.net_call_floor_share then new.gross_call
                    else new.gross_call - new.benefit
                end / new.calls
            else known_month.term
        end as term,
        coalesce(known_month.balance, 0) + coalesce(new.change, 0) as balance,
        coalesce(known_month.not_matured, 0) + coalesce(new.not_matured, 0) as not_matured,
        coalesce(new.asked, 0) as asked,
        known_month.term is not null as has_terms,
        known_month.total_asked,
        known_month.total_terms,
        coalesce(known_month.terms_owed >= 1, false) as owed_before,
        coalesce(known_month.spell_months, 0) as spell_months_before,
        coalesce(known_month.spells, 0) as spells_before,
        known_month.last_owing_month
    from present
    cross join setting
    left join known_month on present.lease_id = known_month.lease_id and present.whole_month = known_month.month
    left join new on present.as_of = new.as_of and present.lease_id = new.lease_id
),
taken as (
    select together.as_of, together.lease_id, imputation.taken
    from together
    asof inner join imputation on together.lease_id = imputation.lease_id and together.as_of >= imputation.known_on
),
with_unpaid as (
    select together.*, false as by_policy, greatest(balance - greatest(not_matured, 0), 0) as unpaid from together
    union all
    select together.*, true as by_policy, greatest(together.balance + taken.taken - greatest(together.not_matured, 0), 0) as unpaid
    from together
    inner join taken on together.as_of = taken.as_of and together.lease_id = taken.lease_id
    where taken.taken <> 0
),
older as (
    select as_of, lease_id, by_policy, total_terms, total_asked - (unpaid - asked) as settled
    from with_unpaid
    where unpaid > asked and has_terms
),
asked_month as (
    select
        lease_id,
        total_asked,
        total_terms,
        total_asked - coalesce(lag(total_asked) over so_far, 0) as asked,
        total_terms - coalesce(lag(total_terms) over so_far, 0) as terms
    from known_month
    semi join older on known_month.lease_id = older.lease_id
    window so_far as (partition by lease_id order by month)
),
older_terms as (
    select
        older.as_of,
        older.lease_id,
        older.by_policy,
        older.total_terms - asked_month.total_terms
        + asked_month.terms * (asked_month.total_asked - older.settled) / asked_month.asked as terms_owed
    from older
    asof inner join (select * from asked_month where asked > 0) as asked_month
        on older.lease_id = asked_month.lease_id and older.settled < asked_month.total_asked
),
owing as (
    select
        with_unpaid.*,
        round(
            case
                when with_unpaid.unpaid = 0 or with_unpaid.term is null then 0
                when older_terms.terms_owed is null then with_unpaid.unpaid / with_unpaid.term
                else with_unpaid.asked / with_unpaid.term + older_terms.terms_owed
            end,
            6
        )::double as terms_owed
    from with_unpaid
    left join older_terms
        on with_unpaid.as_of = older_terms.as_of
        and with_unpaid.lease_id = older_terms.lease_id
        and with_unpaid.by_policy = older_terms.by_policy
),
owing_by_policy as (
    select as_of, lease_id, terms_owed from owing where by_policy
),
told as (
    select
        owing.as_of,
        owing.lease_id,
        round(owing.term, 2)::decimal(12, 2) as term,
        owing.balance::decimal(14, 2) as balance,
        owing.unpaid::decimal(14, 2) as unpaid,
        owing.terms_owed,
        coalesce(owing_by_policy.terms_owed, owing.terms_owed) as terms_by_policy,
        case
            when owing.terms_owed < 1 then 0
            when origin.month = origin.whole_month then owing.spell_months_before
            else owing.spell_months_before + 1
        end::integer as spell_months,
        (owing.spells_before + (owing.terms_owed >= 1 and not owing.owed_before)::integer)::integer as spells,
        case when owing.owed_before and owing.terms_owed < 1 then owing.whole_month else owing.last_owing_month end
            as last_owing_month
    from owing
    inner join origin on owing.as_of = origin.as_of
    left join owing_by_policy on owing.as_of = owing_by_policy.as_of and owing.lease_id = owing_by_policy.lease_id
    where not owing.by_policy
)
select * from told
