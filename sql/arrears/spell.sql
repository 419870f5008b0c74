-- One row per lease and spell of a present tenant: consecutive month ends with at least one whole term owed.
-- A spell is settled when a month end finds no whole term owed any more: paid, by the tenant or by aid, or put right by the
-- landlord. It is not settled when the household has left, or when, without what was written off since the month end
-- before, a whole term would still be owed.
-- An onset is caused only by an adjustment when, without the benefit clawbacks and charge adjustments whose grace days ended
-- since the month end before, no whole term would be owed. A spell is settled by aid when, without the FSL's payments and the
-- benefit that came late in the spell, a whole term would be owed at its end. Euros are told in terms of that month's net call.
-- grain: lease_id, onset_month
-- per: lease_id
-- columns:
--   lease_id            the lease
--   onset_month         month of the first month end at which a whole term was owed
--   agency_id           today's agency
--   use                 residential, parking, garage or commercial
--   onset_seen          false when the spell had begun before the first month of the history
--   only_adjustment     the onset was caused only by benefit clawbacks or charge adjustments
--   debtor_type         new_entrant, accidental or repeat, at the onset
--   months              month ends of the spell so far, as a present tenant
--   most_terms          most whole terms owed at one of them
--   last_month          month of the last of them
--   ended_month         month of the first month end after it; null while the spell lasts
--   ended_by            settled, written_off, erased or departed; null while the spell lasts
--   by_aid              settled by aid
--   next_onset_month    onset of the lease's next spell as a present tenant; null when there is none
-- checks:
--   last_month >= onset_month and (ended_month is null or ended_month > last_month)
--   (ended_month is null) = (ended_by is null)
--   not by_aid or ended_by = 'settled'
--   next_onset_month is null or next_onset_month > ended_month
with setting as (
    select grace_days from strategy.setting
),
night as (
    select as_of from strategy.night
),
closing as (
    select month, closing_on from arrears.closing
),
lease_month as not materialized (
    select lease_id, month, closing_on, agency_id, use, status, terms_owed, net_call, spell_months, debtor_type
    from arrears.lease_month
),
posting as (
    select lease_id, term_month, counts_on, kind, flow, component, amount, payer
    from ledger.posting
    where
        kind in ('write_off', 'housing_benefit')
        or (kind = 'payment' and payer = 'fsl')
        or (kind = 'charges_adjustment' and amount > 0)
),
call as (
    select lease_id, term_month, due_on from ledger.call
),
lease_hold as (
    select lease_id, from_on
    from contract.lease_hold
    where kind = 'debt_erased' and coalesce(known_on, from_on) <= (select as_of from night)
),
bounds as (
    select min(month) as first_month from closing
),
owing as (
    select
        lease_id,
        (month - to_months(spell_months - 1))::date as onset_month,
        month,
        agency_id,
        use,
        terms_owed,
        net_call,
        debtor_type
    from lease_month
    where terms_owed >= 1 and status = 'present'
),
spell as (
    select
        lease_id,
        onset_month,
        any_value(agency_id) as agency_id,
        any_value(use) as use,
        arg_min(terms_owed, month) as terms_at_onset,
        arg_min(net_call, month) as term_at_onset,
        arg_min(debtor_type, month) as debtor_type,
        count(*)::integer as months,
        floor(max(terms_owed))::integer as most_terms,
        max(month) as last_month
    from owing
    group by lease_id, onset_month
),
followed as (
    select
        spell.*,
        before_onset.closing_on as before_onset_on,
        at_onset.closing_on as onset_on,
        at_last.closing_on as last_on,
        lease_month.month as ended_month,
        lease_month.closing_on as ended_on,
        lease_month.status as status_after,
        lease_month.terms_owed as terms_after,
        lease_month.net_call as term_after
    from spell
    inner join closing as at_onset on spell.onset_month = at_onset.month
    inner join closing as at_last on spell.last_month = at_last.month
    left join closing as before_onset on (spell.onset_month - interval 1 month)::date = before_onset.month
    left join lease_month on spell.lease_id = lease_month.lease_id and (spell.last_month + interval 1 month)::date = lease_month.month
),
event as (
    select lease_id, counts_on as on_date, 'written_off' as kind, -amount as euros
    from posting
    where flow = 'write_off' and component = 'principal'
    union all
    select lease_id, counts_on as on_date, 'aid' as kind, -amount as euros
    from posting
    where kind = 'payment'
    union all
    select posting.lease_id, posting.counts_on as on_date, 'aid' as kind, -posting.amount as euros
    from posting
    semi join spell on posting.lease_id = spell.lease_id
    left join call on posting.lease_id = call.lease_id and posting.term_month = call.term_month
    cross join setting
    where posting.flow = 'benefit' and (call.due_on is null or posting.counts_on > call.due_on + setting.grace_days::integer)
    union all
    select posting.lease_id, posting.counts_on + setting.grace_days::integer as on_date, 'adjustment' as kind, posting.amount as euros
    from posting
    cross join setting
    where posting.amount > 0 and posting.kind in ('housing_benefit', 'charges_adjustment')
),
event_of as (
    select
        followed.lease_id,
        followed.onset_month,
        sum(event.euros) filter (
            where event.kind = 'adjustment' and event.on_date <= followed.onset_on
        ) as adjusted_at_onset,
        sum(event.euros) filter (
            where event.kind = 'written_off' and event.on_date > followed.last_on and event.on_date <= followed.ended_on
        ) as written_off_at_end,
        sum(event.euros) filter (where event.kind = 'aid' and event.on_date <= followed.ended_on) as aid
    from followed
    inner join event
        on followed.lease_id = event.lease_id
        and (followed.before_onset_on is null or event.on_date > followed.before_onset_on)
    group by followed.lease_id, followed.onset_month
),
erased as (
    select
        followed.lease_id,
        followed.onset_month,
        coalesce(bool_or(lease_hold.from_on > followed.last_on), false) as at_end
    from followed
    inner join lease_hold
        on followed.lease_id = lease_hold.lease_id
        and (followed.before_onset_on is null or lease_hold.from_on > followed.before_onset_on)
        and lease_hold.from_on <= followed.ended_on
    group by followed.lease_id, followed.onset_month
),
told as (
    select
        followed.*,
        followed.terms_at_onset - coalesce(event_of.adjusted_at_onset / followed.term_at_onset, 0) < 1 as without_adjustment_none,
        coalesce(event_of.written_off_at_end, 0) > 0
        and followed.terms_after + event_of.written_off_at_end / followed.term_after >= 1 as by_write_off,
        coalesce(followed.terms_after + event_of.aid / followed.term_after >= 1, false) as would_owe_without_aid,
        erased.at_end as erased_at_end
    from followed
    left join event_of on followed.lease_id = event_of.lease_id and followed.onset_month = event_of.onset_month
    left join erased on followed.lease_id = erased.lease_id and followed.onset_month = erased.onset_month
),
ended as (
    select
        told.*,
        case
            when ended_month is null then null
            when status_after = 'departed' then 'departed'
            when erased_at_end or (erased_at_end is not null and by_write_off) then 'erased'
            when by_write_off then 'written_off'
            else 'settled'
        end as ended_by
    from told
),
with_next as (
    select
        ended.lease_id,
        ended.onset_month,
        ended.agency_id,
        ended.use,
        ended.onset_month > bounds.first_month as onset_seen,
        ended.onset_month > bounds.first_month and ended.without_adjustment_none as only_adjustment,
        ended.debtor_type,
        ended.months,
        ended.most_terms,
        ended.last_month,
        ended.ended_month,
        ended.ended_by,
        coalesce(ended.ended_by = 'settled', false) and ended.would_owe_without_aid as by_aid,
        lead(ended.onset_month) over (partition by ended.lease_id order by ended.onset_month) as next_onset_month
    from ended
    cross join bounds
)
select * from with_next
