-- The monthly flows behind each indicator, named.
-- grain: indicator_id, flow_id
-- columns:
--   indicator_id  the indicator
--   flow_id       the flow
--   flow_fr       what flows, in words
--   unit          its unit
with flow_of as (
    select indicator_id, flow_id from kpi.flow_of
),
indicator as (
    select indicator_id, label_fr, unit from kpi.indicator
),
named as (
    select
        flow_of.indicator_id,
        flow_of.flow_id,
        coalesce(indicator.label_fr, 'Frais facturés dans le mois, par euro appelé') as flow_fr,
        coalesce(indicator.unit, 'ratio') as unit
    from flow_of
    left join indicator on flow_of.flow_id = indicator.indicator_id
)
select * from named
