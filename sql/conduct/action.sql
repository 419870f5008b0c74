-- One row per action known by the as-of date about a residential lease, with what it is for.
-- An action counts on the day on which it was done, and is known from the day on which it was recorded.
-- grain: action_id
-- per: lease_id
-- crosses:
--   contract.action  greatest(action_on, coalesce(recorded_on, action_on))
-- columns:
--   action_id    the action
--   lease_id     the lease
--   agency_id    today's agency of the lease
--   action_on    the day on which it was done
--   month        its month
--   kind         what was done, see contract.action
--   purpose      reminder, collection_act or offer_of_help, as the strategy has it (procedure); null for the rest
--   is_contact   whether the landlord tried to get in touch with the household
--   is_reached   whether it reached the household in person
--   letter_rank  which letter of the procedure it was
--   team         agency, prevention or litigation
-- checks:
--   is_contact or not is_reached
with night as (
    select as_of from strategy.night
),
action as (
    select id, lease_id, action_on, recorded_on, kind, contact, letter_rank, team from contract.action
),
action_kind as (
    select kind, purpose, is_contact from strategy.action_kind
),
lease as (
    select lease_id, agency_id from ledger.lease where use = 'residential'
),
known as (
    select
        action.id as action_id,
        action.lease_id,
        lease.agency_id,
        action.action_on,
        date_trunc('month', action.action_on)::date as month,
        action.kind::varchar as kind,
        action_kind.purpose,
        action_kind.is_contact,
        action_kind.is_contact and coalesce(action.contact = 'reached', false) as is_reached,
        action.letter_rank,
        action.team::varchar as team
    from action
    inner join lease on action.lease_id = lease.lease_id
    inner join action_kind on action.kind::varchar = action_kind.kind
    cross join night
    where greatest(action.action_on, coalesce(action.recorded_on, action.action_on)) <= night.as_of
)
select * from known
