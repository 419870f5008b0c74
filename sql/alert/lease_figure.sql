-- What each residential lease adds to the numerator and the denominator of the indicators in alert that are sums over
-- present leases, at the two closings that an alert compares; tests hold the sums equal to kpi.measure. A debtor's history
-- stands beside it, also while nothing is owed: a new entrant, one with an episode within the window, one without.
-- grain: indicator_id, month, lease_id
-- per: lease_id
-- columns:
--   indicator_id    the indicator
--   month           a closing that an open alert of this indicator compares
--   lease_id        the lease
--   agency_id       today's agency
--   debtor_history  new_entrant, repeat or none
--   numerator       what the lease adds to the numerator
--   denominator     what it adds to the denominator
--   is_case         true for a household in arrears behind the numerator
-- checks:
--   numerator >= 0 and denominator >= 0
--   debtor_history in ('new_entrant', 'repeat', 'none')
with alert as (
    select indicator_id, base_month, month from alert.alert where status = 'open' and base_month is not null
),
setting as (
    select new_entrant_months, repeat_window_months, late_euros from strategy.setting
),
lease as (
    select lease_id, start_on from ledger.lease
),
lease_month as (
    select
        lease_id, month, closing_on, agency_id, status, due_balance, gross_call, terms_owed, age_months, debtor_type
    from arrears.lease_month
    where use = 'residential'
),
spell as (
    select lease_id, onset_month from arrears.spell where use = 'residential' and onset_seen
),
wanted as (
    select indicator_id, base_month as month from alert
    union
    select indicator_id, month from alert
),
wanted_month as (
    select distinct month from wanted
),
present as (
    select lease_month.*
    from lease_month
    semi join wanted_month on lease_month.month = wanted_month.month
    where lease_month.status = 'present'
),
looked_back as (
    select
        wanted_month.month,
        unnest(
            generate_series(
                wanted_month.month - to_months(greatest(setting.repeat_window_months, 11)::integer), wanted_month.month, interval 1 month
            )
        )::date as past_month
    from wanted_month
    cross join setting
),
past as (
    select
        looked_back.month,
        lease_month.lease_id,
        sum(lease_month.gross_call) filter (where lease_month.month > looked_back.month - to_months(12)) as billing,
        bool_or(lease_month.terms_owed >= 1 and lease_month.month < looked_back.month) as owed_before
    from looked_back
    inner join lease_month on looked_back.past_month = lease_month.month
    group by looked_back.month, lease_month.lease_id
),
described as (
    select
        present.*,
        past.billing,
        case
            when present.debtor_type = 'new_entrant'
                or lease.start_on + to_months(setting.new_entrant_months::integer) > present.closing_on
                then 'new_entrant'
            when present.debtor_type = 'repeat' or (present.debtor_type is null and past.owed_before) then 'repeat'
            else 'none'
        end as debtor_history,
        setting.late_euros
    from present
    cross join setting
    inner join past on present.month = past.month and present.lease_id = past.lease_id
    inner join lease on present.lease_id = lease.lease_id
),
counted as (
    select
        wanted.indicator_id,
        described.*,
        case wanted.indicator_id
            when 'share_1_term' then described.terms_owed >= 1
            when 'share_2_terms' then described.terms_owed >= 2
            when 'share_3_terms' then described.terms_owed >= 3
            when 'share_12_months' then described.age_months >= 12
            when 'share_late' then described.due_balance > described.late_euros
            when 'arrears_rate' then described.due_balance > 0
        end as is_case
    from wanted
    inner join described on wanted.month = described.month
    where
        wanted.indicator_id in (
            'share_1_term', 'share_2_terms', 'share_3_terms', 'share_12_months', 'share_late', 'arrears_rate'
        )
),
at_risk as (
    select wanted.indicator_id, wanted.month, lease_month.lease_id, lease_month.agency_id
    from wanted
    inner join lease_month on wanted.month = lease_month.month + to_months(1)
    where wanted.indicator_id = 'onset_rate' and lease_month.status = 'present' and lease_month.terms_owed < 1
    union all
    select wanted.indicator_id, wanted.month, present.lease_id, present.agency_id
    from wanted
    inner join present on wanted.month = present.month
    inner join lease on present.lease_id = lease.lease_id
    where wanted.indicator_id = 'onset_rate' and date_trunc('month', lease.start_on) = present.month
),
onset as (
    select
        at_risk.indicator_id,
        at_risk.month,
        at_risk.lease_id,
        at_risk.agency_id,
        coalesce(described.debtor_history, 'none') as debtor_history,
        spell.lease_id is not null as is_case
    from at_risk
    left join described on at_risk.month = described.month and at_risk.lease_id = described.lease_id
    left join spell on at_risk.month = spell.onset_month and at_risk.lease_id = spell.lease_id
),
figure as (
    select
        indicator_id,
        month,
        lease_id,
        agency_id,
        debtor_history,
        (
            case
                when indicator_id = 'arrears_rate' then greatest(due_balance, 0)
                when is_case then 1
                else 0
            end
        )::decimal(18, 2) as numerator,
        case when indicator_id = 'arrears_rate' then billing else 1 end::decimal(18, 2) as denominator,
        coalesce(is_case, false) as is_case
    from counted
    union all
    select
        indicator_id,
        month,
        lease_id,
        agency_id,
        debtor_history,
        is_case::integer::decimal(18, 2) as numerator,
        1::decimal(18, 2) as denominator,
        is_case
    from onset
)
select * from figure
