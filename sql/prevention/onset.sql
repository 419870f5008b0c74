-- One row per household that fell into arrears in a month that lists could have told of: whether it had been on one in time.
-- Lists count from 183 to 30 days before the month end at which a whole term was first owed. A month is told once lists stand
-- at both ends of that window, to a month; the month under way is not told.
-- grain: lease_id, month
-- columns:
--   lease_id         the lease
--   month            first day of the month
--   agency_id        today's agency
--   onset_on         the month end
--   only_adjustment  whether a benefit clawback or an adjustment of charges alone was the cause
--   alerted          whether it was on a list from 183 to 30 days before
--   first_listed_on  its first list in the 183 days before; null where there was none
--   warning_days     days from that list to the month end
--   reached          whether it was on a list from 183 to 30 days before, and someone spoke with the household between its first list and the month end
-- checks:
--   not alerted or first_listed_on is not null
--   not reached or alerted
with closing as (
    select month, closing_on from arrears.closing where not is_partial
),
spell as (
    select lease_id, agency_id, onset_month, only_adjustment from arrears.spell where use = 'residential' and onset_seen
),
listing as (
    select lease_id, listed_on from prevention.listing
),
action as (
    select lease_id, action_on from conduct.action where is_reached
),
disposition as (
    select lease_id, decided_on from contract.disposition where decision in ('contacted', 'helped')
),
list_day as (
    select distinct listed_on from listing
),
told as (
    select closing.month, closing.closing_on
    from closing
    where
        exists(
            select 1
            from list_day
            where list_day.listed_on between closing.closing_on - 183 and closing.closing_on - 183 + 31
        )
        and exists(
            select 1
            from list_day
            where list_day.listed_on between closing.closing_on - 30 - 31 and closing.closing_on - 30
        )
),
onset as (
    select spell.lease_id, told.month, spell.agency_id, told.closing_on as onset_on, spell.only_adjustment
    from spell
    inner join told on spell.onset_month = told.month
),
warned as (
    select
        onset.lease_id,
        onset.month,
        min(listing.listed_on) as first_listed_on,
        bool_or(listing.listed_on <= onset.onset_on - 30) as alerted
    from onset
    inner join listing
        on onset.lease_id = listing.lease_id
        and listing.listed_on >= onset.onset_on - 183
        and listing.listed_on < onset.onset_on
    group by onset.lease_id, onset.month
),
spoken as (
    select lease_id, action_on as spoken_on from action
    union all
    select lease_id, decided_on as spoken_on from disposition
),
reached as (
    select distinct onset.lease_id, onset.month
    from onset
    inner join warned on onset.lease_id = warned.lease_id and onset.month = warned.month
    inner join spoken
        on onset.lease_id = spoken.lease_id
        and spoken.spoken_on >= warned.first_listed_on
        and spoken.spoken_on < onset.onset_on
    where warned.alerted
),
judged as (
    select
        onset.lease_id,
        onset.month,
        onset.agency_id,
        onset.onset_on,
        onset.only_adjustment,
        coalesce(warned.alerted, false) as alerted,
        warned.first_listed_on,
        onset.onset_on - warned.first_listed_on as warning_days,
        reached.lease_id is not null as reached
    from onset
    left join warned on onset.lease_id = warned.lease_id and onset.month = warned.month
    left join reached on onset.lease_id = reached.lease_id and onset.month = reached.month
)
select * from judged
