-- How the landlord's households pay, closing after closing; counts of few households were withheld before.
-- grain: segment, month
-- columns:
--   segment     the type of payment behaviour
--   month       first day of the closing's month
--   share       share of the households; null where withheld
--   suppressed  whether it is withheld
with segment_month as (
    select segment, month, share, withheld from risk.segment_month where level = 'company'
),
told as (
    select segment, month, share::double as share, withheld is not null as suppressed from segment_month
)
select * from told
