-- The night in one row: as of when, from what, and whether its euros were verified.
-- grain: as_of
-- columns:
--   landlord           the landlord
--   as_of              the date on which everything stands
--   closing_month      last month that is over
--   delivered_on       newest delivery that was no copy of an earlier one
--   newest_booked_on   newest entry booked
--   reconciliation     verified, partial, gap or not_verified
--   reconciliation_fr  the same in words
--   leases_verified    leases whose balance equals the landlord's own
--   leases_total       leases with entries
--   gap_euros          sum of the gaps between the landlord's balances and ours; null when nothing could be verified
--   files              files read
--   rows_read          rows read
--   rows_accepted      rows accepted
--   rows_rejected      rows rejected
--   rows_superseded    rows that a later delivery replaced
--   rows_duplicate     exact duplicates
with night as (
    select as_of, landlord from strategy.night
),
closing as (
    select month from arrears.closing where not is_partial
),
file as (
    select delivered_on, copy_of, rows_read, rows_accepted, rows_rejected, rows_superseded, rows_duplicate from load.file
),
posting as (
    select max(booked_on) as newest_booked_on, count(distinct lease_id)::integer as leases from ledger.posting
),
reconciliation as (
    select kind, status, gap from load.reconciliation
),
balance as (
    select
        count(*) filter (where status = 'verified')::integer as verified,
        count(*) filter (where status = 'gap')::integer as gaps,
        sum(abs(gap))::double as gap_euros
    from reconciliation
    where kind = 'lease_balance' and status <> 'not_verified'
),
loaded as (
    select
        max(delivered_on) filter (where copy_of is null) as delivered_on,
        count(*)::integer as files,
        sum(rows_read)::integer as rows_read,
        sum(rows_accepted)::integer as rows_accepted,
        sum(rows_rejected)::integer as rows_rejected,
        sum(rows_superseded)::integer as rows_superseded,
        sum(rows_duplicate)::integer as rows_duplicate
    from file
),
told as (
    select
        night.landlord,
        night.as_of,
        (select max(month) from closing) as closing_month,
        loaded.delivered_on,
        posting.newest_booked_on,
        case
            when balance.gaps > 0 then 'gap'
            when balance.verified = 0 then 'not_verified'
            when balance.verified < posting.leases then 'partial'
            else 'verified'
        end as reconciliation,
        balance.verified as leases_verified,
        posting.leases as leases_total,
        balance.gap_euros,
        loaded.files,
        loaded.rows_read,
        loaded.rows_accepted,
        loaded.rows_rejected,
        loaded.rows_superseded,
        loaded.rows_duplicate
    from night
    cross join loaded
    cross join posting
    cross join balance
),
worded as (
    select
        landlord,
        as_of,
        closing_month,
        delivered_on,
        newest_booked_on,
        reconciliation,
        case reconciliation
            when 'gap' then 'écart'
            when 'not_verified' then 'non vérifié'
            when 'partial' then 'vérifié en partie'
            else 'vérifié'
        end as reconciliation_fr,
        leases_verified,
        leases_total,
        gap_euros,
        files,
        rows_read,
        rows_accepted,
        rows_rejected,
        rows_superseded,
        rows_duplicate
    from told
)
select * from worded
