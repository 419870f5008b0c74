-- The night in one row, as managers see it.
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
    select
        landlord, as_of, closing_month, delivered_on, newest_booked_on, reconciliation, reconciliation_fr, leases_verified,
        leases_total, gap_euros, files, rows_read, rows_accepted, rows_rejected, rows_superseded, rows_duplicate
    from managers.night
)
select * from night
