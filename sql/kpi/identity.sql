-- Sums that hold between published numbers of one slice, whatever the slice and the month: the terms of each sum to zero, or
-- to a number that everybody may know, such as the leases present. A reader knows them from the definitions, so that
-- disclosure control must know them too. Sums over levels and within a share group go without saying. Debtors and those who owe
-- principal count as one number here: so few owe fees alone that a reader would take one for the other.
-- grain: identity, indicator_id, part, months_after
-- columns:
--   identity       the sum
--   indicator_id   an indicator in it
--   part           numerator, denominator or volume
--   months_after  how many months after the others this term stands; before them where negative
--   coefficient    what it is multiplied by
-- checks:
--   part in ('numerator', 'denominator', 'volume')
--   coefficient <> 0
with told as (
    select number, indicator_id, part, months_after
    from (
        values
            ('present_debt', 'ageing.euros.0_1', 'denominator', 0),
            ('present_debt', 'arrears_rate', 'numerator', 0),
            ('present_debt', 'debt_age_days', 'denominator', 0),
            ('departed_debt', 'ageing_departed.euros.0_1', 'denominator', 0),
            ('departed_debt', 'debt_age_days.departed', 'denominator', 0),
            ('departed_debt', 'departed_debt_share', 'numerator', 0),
            ('present_debtors', 'ageing.euros.0_1', 'volume', 0),
            ('present_debtors', 'debt_age_days', 'volume', 0),
            ('present_debtors', 'heavy_fee_share', 'denominator', 0),
            ('present_debtors', 'heavy_fee_share', 'volume', 0),
            ('departed_debtors', 'ageing_departed.euros.0_1', 'volume', 0),
            ('departed_debtors', 'debt_age_days.departed', 'volume', 0),
            ('departed_debtors', 'heavy_fee_share.departed', 'denominator', 0),
            ('departed_debtors', 'heavy_fee_share.departed', 'volume', 0),
            ('all_debtors', 'departed_debt_share', 'volume', 0),
            ('all_debtors', 'cost_of_arrears', 'volume', 0),
            ('present_debtors', 'ageing.leases.0_1', 'denominator', 0),
            ('present_debtors', 'ageing.leases.0_1', 'volume', 0),
            ('present_debtors', 'fees_to_principal', 'volume', 0),
            ('departed_debtors', 'ageing_departed.leases.0_1', 'denominator', 0),
            ('departed_debtors', 'ageing_departed.leases.0_1', 'volume', 0),
            ('departed_debtors', 'fees_to_principal.departed', 'volume', 0),
            ('owing_for_a_year', 'ageing.leases.12_plus', 'numerator', 0),
            ('owing_for_a_year', 'share_12_months', 'numerator', 0),
            ('owing_a_term', 'share_1_term', 'numerator', 0),
            ('owing_a_term', 'ageing.spells.1_3', 'denominator', 0),
            ('owing_a_term', 'ageing.spells.1_3', 'volume', 0),
            ('owing_a_term', 'roll_rate.0_1', 'denominator', 1),
            ('owing_a_term', 'roll_rate.0_1', 'volume', 1),
            ('owing_a_term', 'cure_rate_1m', 'denominator', 1),
            ('owing_a_term', 'cure_rate_1m', 'volume', 1),
            ('owing_a_term', 'cure_rate_3m', 'denominator', 3),
            ('owing_a_term', 'cure_rate_3m', 'volume', 3),
            ('owing_a_term', 'cure_rate_6m', 'denominator', 6),
            ('owing_a_term', 'cure_rate_6m', 'volume', 6),
            ('owing_a_term', 'productivity.cases_per_fte', 'numerator', 0),
            ('owing_a_term', 'productivity.cases_per_fte', 'volume', 0),
            ('cases_opened', 'reaction_days.attempted.median', 'denominator', 0),
            ('cases_opened', 'reaction_days.attempted.median', 'volume', 0),
            ('cases_opened', 'reaction_days.attempted.p90', 'denominator', 0),
            ('cases_opened', 'reaction_days.attempted.p90', 'volume', 0),
            ('cases_opened', 'reaction_days.reached.median', 'denominator', 0),
            ('cases_opened', 'reaction_days.reached.median', 'volume', 0),
            ('cases_opened', 'reaction_days.reached.p90', 'denominator', 0),
            ('cases_opened', 'reaction_days.reached.p90', 'volume', 0),
            ('summonses', 'legal_and_social.ccapex_on_time', 'denominator', 0),
            ('summonses', 'legal_and_social.ccapex_on_time', 'volume', 0),
            ('summonses', 'legal_and_social.notice_delay', 'denominator', 0),
            ('summonses', 'legal_and_social.notice_delay', 'volume', 0),
            ('owing_one', 'roll_rate.1_2', 'denominator', 0),
            ('owing_one', 'roll_rate.1_2', 'volume', 0),
            ('owing_two', 'roll_rate.2_3', 'denominator', 0),
            ('owing_two', 'roll_rate.2_3', 'volume', 0),
            ('owing_three', 'roll_rate.3_4', 'denominator', 0),
            ('owing_three', 'roll_rate.3_4', 'volume', 0),
            ('onsets', 'onset_rate', 'numerator', 0),
            ('onsets', 'roll_rate.0_1', 'numerator', 0),
            ('cured', 'cure_rate_1m', 'numerator', 0),
            ('cured', 'relapse_6m', 'denominator', 6),
            ('cured', 'relapse_6m', 'volume', 6),
            ('cured_by_aid', 'relapse_6m.after_aid', 'denominator', 0),
            ('cured_by_aid', 'relapse_6m.after_aid', 'volume', 0),
            ('collected_m0', 'collection_m0.legal_default', 'numerator', 0),
            ('collected_m0', 'collection_m0.principal_first', 'numerator', 0),
            ('collected_m1', 'collection_m1.legal_default', 'numerator', 0),
            ('collected_m1', 'collection_m1.principal_first', 'numerator', 0),
            ('collected_m3', 'collection_m3.legal_default', 'numerator', 0),
            ('collected_m3', 'collection_m3.principal_first', 'numerator', 0),
            ('collected_m6', 'collection_m6.legal_default', 'numerator', 0),
            ('collected_m6', 'collection_m6.principal_first', 'numerator', 0)
    ) as told (number, indicator_id, part, months_after)
),
first_told as (
    select number, indicator_id, part, months_after
    from told
    qualify row_number() over (partition by number order by months_after, indicator_id, part) = 1
),
again as (
    select told.number || '.' || told.indicator_id || '.' || told.part as identity, told.*
    from told
    anti join first_told
        on told.number = first_told.number and told.indicator_id = first_told.indicator_id and told.part = first_told.part
),
same as (
    select again.identity, again.indicator_id, again.part, again.months_after, -1 as coefficient
    from again
    union all
    select again.identity, first_told.indicator_id, first_told.part, first_told.months_after, 1 as coefficient
    from again
    inner join first_told on again.number = first_told.number
),
summed as (
    select identity, indicator_id, part, months_after, coefficient
    from (
        values
            ('all_debt', 'departed_debt_share', 'denominator', 0, 1),
            ('all_debt', 'ageing.euros.0_1', 'denominator', 0, -1),
            ('all_debt', 'ageing_departed.euros.0_1', 'denominator', 0, -1),
            ('debtors', 'departed_debt_share', 'volume', 0, 1),
            ('debtors', 'ageing.euros.0_1', 'volume', 0, -1),
            ('debtors', 'ageing_departed.euros.0_1', 'volume', 0, -1),
            ('owing_one_only', 'roll_rate.1_2', 'denominator', 1, 1),
            ('owing_one_only', 'share_1_term', 'numerator', 0, -1),
            ('owing_one_only', 'share_2_terms', 'numerator', 0, 1),
            ('owing_two_only', 'roll_rate.2_3', 'denominator', 1, 1),
            ('owing_two_only', 'share_2_terms', 'numerator', 0, -1),
            ('owing_two_only', 'share_3_terms', 'numerator', 0, 1),
            ('steps_kept', 'schedule_kept', 'numerator', 0, 1),
            ('steps_kept', 'schedule_kept.letters', 'numerator', 0, -1),
            ('steps_kept', 'schedule_kept.calls', 'numerator', 0, -1),
            ('steps_due', 'schedule_kept', 'denominator', 0, 1),
            ('steps_due', 'schedule_kept.letters', 'denominator', 0, -1),
            ('steps_due', 'schedule_kept.calls', 'denominator', 0, -1),
            ('cases_of_a_year', 'reaction_days.attempted.median', 'denominator', 0, 1),
            ('cases_of_a_year', 'onset_rate', 'numerator', 0, -1),
            ('cases_of_a_year', 'onset_rate', 'numerator', -1, -1),
            ('cases_of_a_year', 'onset_rate', 'numerator', -2, -1),
            ('cases_of_a_year', 'onset_rate', 'numerator', -3, -1),
            ('cases_of_a_year', 'onset_rate', 'numerator', -4, -1),
            ('cases_of_a_year', 'onset_rate', 'numerator', -5, -1),
            ('cases_of_a_year', 'onset_rate', 'numerator', -6, -1),
            ('cases_of_a_year', 'onset_rate', 'numerator', -7, -1),
            ('cases_of_a_year', 'onset_rate', 'numerator', -8, -1),
            ('cases_of_a_year', 'onset_rate', 'numerator', -9, -1),
            ('cases_of_a_year', 'onset_rate', 'numerator', -10, -1),
            ('cases_of_a_year', 'onset_rate', 'numerator', -11, -1),
            ('overdue', 'dso', 'numerator', 0, 1),
            ('overdue', 'fees_to_principal', 'denominator', 0, -365),
            ('month_collected', 'cei', 'denominator', 0, 1),
            ('month_collected', 'cei', 'numerator', 0, -1),
            ('month_collected', 'fees_to_principal', 'denominator', 0, -1)
    ) as summed (identity, indicator_id, part, months_after, coefficient)
),
identity as (
    select
        identity::varchar as identity,
        indicator_id::varchar as indicator_id,
        part::varchar as part,
        months_after::integer as months_after,
        coefficient::integer as coefficient
    from (
        select * from same
        union all
        select * from summed
    )
)
select * from identity
