-- The monthly flows behind each indicator: what moves within the month where a stock or a mean of twelve months is slow to.
-- An indicator is in shift_red when one of its flows leaves its control limits on the bad side. Of figures told under each
-- allocation policy only those of the landlord's own are followed.
-- grain: indicator_id, flow_id
-- columns:
--   indicator_id  the indicator
--   flow_id       the flow: an indicator that is itself monthly, or fees_charged
--   bad_side      above or below: the side of its limits on which the flow is bad news
-- checks:
--   bad_side in ('above', 'below')
with policy as (
    select policy from allocation.policy where not is_chosen
),
stood_on as (
    select indicator_id::varchar as indicator_id, flow_id::varchar as flow_id, bad_side::varchar as bad_side
    from (
        values
            ('share_1_term', 'onset_rate', 'above'),
            ('share_1_term', 'cure_rate_1m', 'below'),
            ('share_2_terms', 'roll_rate.1_2', 'above'),
            ('share_2_terms', 'cure_rate_1m', 'below'),
            ('share_3_terms', 'roll_rate.2_3', 'above'),
            ('share_3_terms', 'cure_rate_1m', 'below'),
            ('share_late', 'onset_rate', 'above'),
            ('share_late', 'cure_rate_1m', 'below'),
            ('share_12_months', 'cei', 'below'),
            ('arrears_rate', 'cei', 'below'),
            ('recovery_rate_12m', 'cei', 'below'),
            ('recovery_rate_12m.net', 'cei', 'below'),
            ('dso', 'cei', 'below'),
            ('debt_age_days', 'cei', 'below'),
            ('ageing.euros.12_plus', 'cei', 'below'),
            ('cost_of_arrears', 'cei', 'below'),
            ('cure_rate_3m', 'cure_rate_1m', 'below'),
            ('cure_rate_6m', 'cure_rate_1m', 'below'),
            ('fees_to_principal', 'fees_charged', 'above'),
            ('fee_per_euro', 'fees_charged', 'above'),
            ('heavy_fee_share', 'fees_charged', 'above'),
            ('reminder_cadence', 'reminder_cadence', 'below'),
            ('reminder_cadence.over_chased', 'reminder_cadence.over_chased', 'above'),
            ('schedule_kept', 'schedule_kept', 'below'),
            ('schedule_kept.letters', 'schedule_kept.letters', 'below'),
            ('schedule_kept.calls', 'schedule_kept.calls', 'below'),
            ('cei', 'cei', 'below'),
            ('onset_rate', 'onset_rate', 'above'),
            ('onset_rate.only_adjustment', 'onset_rate.only_adjustment', 'above'),
            ('cure_rate_1m', 'cure_rate_1m', 'below'),
            ('roll_rate.0_1', 'roll_rate.0_1', 'above'),
            ('roll_rate.1_2', 'roll_rate.1_2', 'above'),
            ('roll_rate.2_3', 'roll_rate.2_3', 'above'),
            ('roll_rate.3_4', 'roll_rate.3_4', 'above'),
            ('relapse_6m', 'relapse_6m', 'above'),
            ('relapse_6m.after_aid', 'relapse_6m.after_aid', 'above'),
            ('collection_m0.as_booked', 'collection_m0.as_booked', 'below'),
            ('collection_m0.principal_first', 'collection_m0.principal_first', 'below'),
            ('collection_m0.legal_default', 'collection_m0.legal_default', 'below'),
            ('collection_m1.as_booked', 'collection_m1.as_booked', 'below'),
            ('collection_m1.principal_first', 'collection_m1.principal_first', 'below'),
            ('collection_m1.legal_default', 'collection_m1.legal_default', 'below'),
            ('collection_m3.as_booked', 'collection_m3.as_booked', 'below'),
            ('collection_m3.principal_first', 'collection_m3.principal_first', 'below'),
            ('collection_m3.legal_default', 'collection_m3.legal_default', 'below'),
            ('collection_m6.as_booked', 'collection_m6.as_booked', 'below'),
            ('collection_m6.principal_first', 'collection_m6.principal_first', 'below'),
            ('collection_m6.legal_default', 'collection_m6.legal_default', 'below'),
            ('principal_first_share.as_booked', 'principal_first_share.as_booked', 'below'),
            ('principal_first_share.principal_first', 'principal_first_share.principal_first', 'below'),
            ('principal_first_share.legal_default', 'principal_first_share.legal_default', 'below')
    ) as stood_on (indicator_id, flow_id, bad_side)
),
flow_of as (
    select stood_on.indicator_id, stood_on.flow_id, stood_on.bad_side
    from stood_on
    anti join policy on ends_with(stood_on.flow_id, '.' || policy.policy)
)
select * from flow_of
