-- One row per arrears case of a present household, which is a spell with the day on which its first unpaid term fell due and the
-- days of the first contacts. Cases already open when the history begins are left out: what was done before is not known.
-- grain: lease_id, opened_month
-- per: lease_id
-- columns:
--   lease_id            the lease
--   opened_month        the first month at whose end a whole term was owed
--   agency_id           today's agency
--   first_unpaid_on     due date of the oldest term unpaid at that month end: the clock starts
--   opened_on           that month end
--   last_owing_on       the last month end at which a whole term was owed
--   ended_on            the day on which receipts left less than a whole term of what was owed then, at the latest the next month end or the end of the lease; null while the case is open
--   first_attempted_on  the day of the first attempt to get in touch since the first unpaid due date; null where there was none
--   first_reached_on    the day on which the household was first reached; null where it was not
-- checks:
--   first_unpaid_on <= opened_on
--   ended_on is null or ended_on > last_owing_on
--   first_reached_on is null or first_attempted_on <= first_reached_on
with lease as (
    select lease_id, end_on from ledger.lease where use = 'residential'
),
spell as (
    select lease_id, onset_month, agency_id, last_month from arrears.spell where use = 'residential' and onset_seen
),
lease_month as (
    select lease_id, month, closing_on, oldest_unpaid_on, terms_owed, net_call
    from arrears.lease_month
    where terms_owed >= 1
),
closing as (
    select month, closing_on from arrears.closing
),
receipt as (
    select lease_id, on_date, credit + principal_credit + fee_credit + court_cost_credit as amount
    from ledger.movement
    where credit + principal_credit + fee_credit + court_cost_credit > 0
),
action as (
    select lease_id, action_on, is_reached from conduct.action where is_contact
),
opened as (
    select
        spell.lease_id,
        spell.onset_month as opened_month,
        spell.agency_id,
        spell.last_month,
        at_onset.oldest_unpaid_on as first_unpaid_on,
        at_onset.closing_on as opened_on,
        at_last.closing_on as last_owing_on,
        (at_last.terms_owed - 1) * at_last.net_call as more_than_a_term
    from spell
    inner join lease_month as at_onset on spell.lease_id = at_onset.lease_id and spell.onset_month = at_onset.month
    inner join lease_month as at_last on spell.lease_id = at_last.lease_id and spell.last_month = at_last.month
),
closed as (
    select
        opened.lease_id,
        opened.opened_month,
        opened.last_owing_on,
        opened.more_than_a_term,
        closing.closing_on as next_closing_on
    from opened
    inner join closing on opened.last_month + interval 1 month = closing.month
),
paid as (
    select
        closed.lease_id,
        closed.opened_month,
        receipt.on_date,
        sum(receipt.amount) over (partition by closed.lease_id, closed.opened_month order by receipt.on_date)
        > closed.more_than_a_term as is_enough
    from closed
    inner join receipt
        on closed.lease_id = receipt.lease_id
        and receipt.on_date > closed.last_owing_on
        and receipt.on_date <= closed.next_closing_on
),
cleared as (
    select lease_id, opened_month, min(on_date) as cleared_on from paid where is_enough group by lease_id, opened_month
),
lasted as (
    select
        opened.lease_id,
        opened.opened_month,
        opened.agency_id,
        opened.first_unpaid_on,
        opened.opened_on,
        opened.last_owing_on,
        least(
            cleared.cleared_on, closed.next_closing_on, case when lease.end_on > opened.last_owing_on then lease.end_on end
        ) as ended_on
    from opened
    inner join lease on opened.lease_id = lease.lease_id
    left join closed on opened.lease_id = closed.lease_id and opened.opened_month = closed.opened_month
    left join cleared on opened.lease_id = cleared.lease_id and opened.opened_month = cleared.opened_month
),
contacted as (
    select
        lasted.lease_id,
        lasted.opened_month,
        min(action.action_on) as first_attempted_on,
        min(action.action_on) filter (where action.is_reached) as first_reached_on
    from action
    inner join lasted
        on action.lease_id = lasted.lease_id
        and action.action_on >= lasted.first_unpaid_on
        and (action.action_on <= lasted.ended_on or lasted.ended_on is null)
    group by lasted.lease_id, lasted.opened_month
),
told as (
    select lasted.*, contacted.first_attempted_on, contacted.first_reached_on
    from lasted
    left join contacted on lasted.lease_id = contacted.lease_id and lasted.opened_month = contacted.opened_month
)
select * from told
