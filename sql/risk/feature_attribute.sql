-- What each feature of a score is made of, and whether the strategy lets it be: the role of every attribute of it is to be feature
-- (risk.roles). The calendar is no attribute of anyone.
-- grain: feature, attribute
-- columns:
--   feature     the column of risk.feature
--   attribute   table of the contract, or table and column; calendar
--   role        feature, audit or operational
--   is_allowed  whether a score may be made of it
with attribute_role as (
    select attribute, role from strategy.attribute_role
),
made_of as (
    select feature, attribute
    from (
        values
            ('days_late_last', 'entry'),
            ('days_late_mean_3', 'entry'),
            ('days_late_mean_12', 'entry'),
            ('days_late_trend', 'entry'),
            ('days_late_worst_6', 'entry'),
            ('payment_day_spread', 'entry'),
            ('late_months_12', 'entry'),
            ('months_since_late', 'entry'),
            ('months_since_arrears', 'entry'),
            ('arrears_months_24', 'entry'),
            ('earlier_spells', 'entry'),
            ('spell_months', 'entry'),
            ('paid_share_3', 'entry'),
            ('paid_share_12', 'entry'),
            ('partial_months_6', 'entry'),
            ('unpaid_months_6', 'entry'),
            ('payments_per_month', 'entry'),
            ('amount_spread', 'entry'),
            ('terms_owed', 'entry'),
            ('terms_owed_change_3', 'entry'),
            ('small_debt_months_6', 'entry'),
            ('credit_terms', 'entry'),
            ('rejected_hardship_3', 'entry'),
            ('rejected_hardship_3', 'rejection.reason'),
            ('rejected_hardship_12', 'entry'),
            ('rejected_hardship_12', 'rejection.reason'),
            ('rejected_unstated_12', 'entry'),
            ('rejected_unstated_12', 'rejection.reason'),
            ('rejected_administrative_12', 'entry'),
            ('rejected_administrative_12', 'rejection.reason'),
            ('payment_channel', 'entry'),
            ('payment_channel', 'entry.channel'),
            ('payment_channel', 'lease_terms.direct_debit'),
            ('mandate_stopped', 'lease_terms.direct_debit'),
            ('benefit_share', 'entry'),
            ('benefit_drop', 'entry'),
            ('benefit_missing_months', 'entry'),
            ('benefit_clawback_12', 'entry'),
            ('benefit_direct', 'lease_terms.benefit_to_landlord'),
            ('net_call', 'entry'),
            ('call_change', 'entry'),
            ('other_debits_3', 'entry'),
            ('third_party_12', 'entry'),
            ('tenure_months', 'lease.start_on'),
            ('rent_burden', 'entry'),
            ('rent_burden', 'household_situation.reference_income'),
            ('left_to_live', 'entry'),
            ('left_to_live', 'household_situation.reference_income'),
            ('left_to_live', 'household_situation.size'),
            ('left_to_live', 'household_situation.adults'),
            ('left_to_live', 'household_situation.children'),
            ('income_change', 'household_situation.reference_income'),
            ('household_size', 'household_situation.size'),
            ('household_shrunk', 'household_situation.size'),
            ('dwelling_type', 'dwelling.type'),
            ('surface_per_person', 'dwelling.surface_m2'),
            ('surface_per_person', 'household_situation.size'),
            ('season', 'calendar'),
            ('agency_arrears_share', 'entry'),
            ('agency_arrears_share', 'dwelling.agency_id'),
            ('plan_running', 'plan'),
            ('plans_broken_24', 'plan')
    ) as made_of (feature, attribute)
),
told as (
    select
        made_of.feature,
        made_of.attribute,
        coalesce(attribute_role.role, 'feature') as role,
        coalesce(attribute_role.role, 'feature') = 'feature' as is_allowed
    from made_of
    left join attribute_role on made_of.attribute = attribute_role.attribute
)
select * from told
