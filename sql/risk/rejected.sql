-- Payments that the bank gave back, by the class of their reason, up to each date on which risk is asked for.
-- A reason in none of the strategy's classes, or none at all, is read as unstated; a death is nothing of the household's.
-- kind: view
-- grain: as_of, lease_id
-- per: lease_id
-- columns:
--   as_of               the date
--   lease_id            the lease
--   hardship_3          for want of money, in three months
--   hardship_12         in twelve months
--   unstated_12         for a reason that the bank does not say
--   administrative_12   for an account closed or a mandate missing
with origin as (
    select as_of from risk.origin
),
reason_class as (
    select reason, class from strategy.rejection_reason
),
rejection as (
    select lease_id, rejected_on, entry_id, reason from ledger.rejection
),
posting as (
    select entry_id, lease_id, booked_on from ledger.posting where kind = 'payment_rejected'
),
event as (
    select lease_id, rejected_on, reason from rejection where reason <> 'MD07'
    union all
    select posting.lease_id, posting.booked_on as rejected_on, null as reason
    from posting
    anti join rejection on posting.lease_id = rejection.lease_id and posting.entry_id = rejection.entry_id
),
classed as (
    select event.lease_id, event.rejected_on, coalesce(reason_class.class, 'unstated') as class
    from event
    left join reason_class on event.reason = reason_class.reason
),
counted as (
    select
        origin.as_of,
        classed.lease_id,
        count(*) filter (where class = 'hardship' and rejected_on > origin.as_of - interval 3 month) as hardship_3,
        count(*) filter (where class = 'hardship') as hardship_12,
        count(*) filter (where class = 'unstated') as unstated_12,
        count(*) filter (where class = 'administrative') as administrative_12
    from origin
    inner join classed
        on origin.as_of >= classed.rejected_on and classed.rejected_on > origin.as_of - interval 12 month
    group by origin.as_of, classed.lease_id
)
select * from counted
