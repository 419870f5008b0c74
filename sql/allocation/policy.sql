-- One row per allocation policy: how a payment is shared among the debts of its account.
-- legal_default: the debtor's choice, else the due debts in the ranking of the strategy, oldest first (Code civil 1342-10).
-- principal_first: the same with principal before all else. as_booked: what the landlord lettered in its books, and the legal
-- default for what is left. The debtor's choice of a component binds the creditor under every ranking.
-- Policies whose rankings are the same go one way, and are computed once.
-- grain: policy
-- columns:
--   policy     as_booked, principal_first or legal_default
--   way        the way it goes: legal_default, principal_first or as_booked
--   rank_1     component that is paid first
--   rank_2     component that is paid next
--   rank_3     component that is paid last
--   is_chosen  whether arrears follow it
-- checks:
--   rank_1 <> rank_2 and rank_2 <> rank_3 and rank_1 <> rank_3
with setting as (
    select allocation_policy, rank_1, rank_2, rank_3 from strategy.setting
),
policy as (
    select
        'legal_default' as policy,
        'legal_default' as way,
        rank_1,
        rank_2,
        rank_3,
        allocation_policy = 'legal_default' as is_chosen
    from setting
    union all
    select
        'principal_first' as policy,
        case rank_1 when 'principal' then 'legal_default' else 'principal_first' end as way,
        'principal' as rank_1,
        case rank_1 when 'principal' then rank_2 else rank_1 end as rank_2,
        case rank_3 when 'principal' then rank_2 else rank_3 end as rank_3,
        allocation_policy = 'principal_first' as is_chosen
    from setting
    union all
    select
        'as_booked' as policy,
        'as_booked' as way,
        rank_1,
        rank_2,
        rank_3,
        allocation_policy = 'as_booked' as is_chosen
    from setting
)
select * from policy
