-- The agencies of each scope of the strategy. It says whose households a scope's site may hold.
-- grain: scope_id, agency_id
-- columns:
--   scope_id   the scope
--   agency_id  today's agency
--   agency_fr  its name
--   sector     its sector
--   position   its place in lists
--   list_size  households that its teams can contact while a list is valid; null where it has no list
--   listed     households on its list tonight; 0 while a model is only watched
with scope_part as (
    select scope_id, kind, value from strategy.scope_part
),
agency as (
    select distinct agency_id, name, sector from ledger.agency_today
),
list_size as (
    select agency_id, k from prevention.list_size
),
list as (
    select agency_id, count(*)::integer as listed from prevention.list where not in_shadow group by agency_id
),
held as (
    select distinct scope_part.scope_id, agency.agency_id, agency.name, agency.sector
    from scope_part
    inner join agency
        on scope_part.kind = 'all'
        or (scope_part.kind = 'agency' and scope_part.value = agency.agency_id)
        or (scope_part.kind = 'sector' and scope_part.value = agency.sector)
),
told as (
    select
        held.scope_id,
        held.agency_id,
        held.name as agency_fr,
        held.sector,
        row_number() over (partition by held.scope_id order by held.sector, held.name, held.agency_id)::integer as position,
        list_size.k::integer as list_size,
        coalesce(list.listed, 0) as listed
    from held
    left join list_size on held.agency_id = list_size.agency_id
    left join list on held.agency_id = list.agency_id
)
select * from told
