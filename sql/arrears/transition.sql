-- One row per present lease and month in which a whole term is owed at its start or at its end: from how many whole terms
-- to how many. The start is the month end before. A lease that began in the month had no month end before and has no row.
-- grain: lease_id, month
-- per: lease_id
-- columns:
--   lease_id    the lease
--   month       the month
--   is_partial  true for the month under way
--   agency_id   today's agency
--   use         residential, parking, garage or commercial
--   from_terms  whole terms owed at the month end before, as a present tenant
--   to_terms    whole terms owed at this month end
--   to_status   present, or departed when the household left in the month
--   outcome     onset, worse, same, better, settled, written_off, erased or departed
-- checks:
--   from_terms >= 1 or to_terms >= 1
--   (outcome = 'onset') = (from_terms = 0)
--   (outcome = 'departed') = (to_status = 'departed')
--   outcome not in ('settled', 'written_off', 'erased') or to_terms = 0
with lease_month as not materialized (
    select lease_id, month, is_partial, agency_id, use, status, floor(terms_owed)::integer as whole_terms
    from arrears.lease_month
),
lease as (
    select lease_id, start_on from ledger.lease
),
spell as (
    select lease_id, onset_month, onset_seen, ended_month, ended_by from arrears.spell
),
owing as (
    select lease_id, (month + interval 1 month)::date as next_month, whole_terms
    from lease_month
    where whole_terms >= 1 and status = 'present'
),
went_on as (
    select
        lease_month.lease_id,
        lease_month.month,
        lease_month.is_partial,
        lease_month.agency_id,
        lease_month.use,
        owing.whole_terms as from_terms,
        lease_month.whole_terms as to_terms,
        lease_month.status as to_status,
        coalesce(
            spell.ended_by,
            case
                when lease_month.whole_terms > owing.whole_terms then 'worse'
                when lease_month.whole_terms < owing.whole_terms then 'better'
                else 'same'
            end
        ) as outcome
    from owing
    inner join lease_month on owing.lease_id = lease_month.lease_id and owing.next_month = lease_month.month
    left join spell on lease_month.lease_id = spell.lease_id and lease_month.month = spell.ended_month
),
began as (
    select
        lease_month.lease_id,
        lease_month.month,
        lease_month.is_partial,
        lease_month.agency_id,
        lease_month.use,
        0 as from_terms,
        lease_month.whole_terms as to_terms,
        lease_month.status as to_status,
        'onset' as outcome
    from spell
    inner join lease on spell.lease_id = lease.lease_id
    inner join lease_month on spell.lease_id = lease_month.lease_id and spell.onset_month = lease_month.month
    where spell.onset_seen and lease.start_on < spell.onset_month
),
transition as (
    select * from went_on
    union all
    select * from began
)
select * from transition
