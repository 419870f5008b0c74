-- The night as a scope's social team sees it: as of when, from what, for which agencies.
-- grain: scope_id
-- columns:
--   scope_id           the scope
--   scope_fr           its name
--   agencies           agencies in it
--   horizon_months     months that a score looks ahead
--   landlord           the landlord
--   as_of              the date on which everything stands
--   closing_month      last month that is over
--   delivered_on       newest delivery that was no copy of an earlier one
--   newest_booked_on   newest entry booked
--   reconciliation     verified, partial, gap or not_verified
--   reconciliation_fr  the same in words
--   leases_verified    leases of the landlord whose balance equals the landlord's own
--   leases_total       leases of the landlord with entries
--   gap_euros          sum of the gaps between the landlord's balances and ours; null when nothing could be verified
with scope as (
    select scope_id, name_fr from strategy.scope
),
setting as (
    select horizon_months from strategy.risk
),
agency as (
    select scope_id, count(*)::integer as agencies from social_teams.agency group by scope_id
),
night as (
    select
        landlord, as_of, closing_month, delivered_on, newest_booked_on, reconciliation, reconciliation_fr, leases_verified,
        leases_total, gap_euros
    from managers.night
),
told as (
    select
        scope.scope_id,
        scope.name_fr as scope_fr,
        coalesce(agency.agencies, 0) as agencies,
        setting.horizon_months,
        night.landlord,
        night.as_of,
        night.closing_month,
        night.delivered_on,
        night.newest_booked_on,
        night.reconciliation,
        night.reconciliation_fr,
        night.leases_verified,
        night.leases_total,
        night.gap_euros
    from scope
    cross join setting
    cross join night
    left join agency on scope.scope_id = agency.scope_id
)
select * from told
