-- How the landlord's households pay at the last closing, in words; and how many came to each type, and left it, since the one before.
-- Counts of few households were withheld before.
-- grain: segment
-- columns:
--   segment            the type of payment behaviour
--   label_fr           its name
--   description_fr     what its households have in common
--   help_fr            what help fits most of them
--   position           its place in lists
--   households         households of the type; null where withheld
--   share              their share; null where withheld
--   share_year_before  the same twelve closings before; null where withheld or not told
--   moved_in           households that came to the type since the closing before; null where withheld
--   moved_out          households that left it; null where withheld
with segment_month as (
    select segment, month, households, share, moved_in, moved_out from risk.segment_month where level = 'company'
),
meaning as (
    select segment, label_fr, description_fr, help_fr, position from risk.segment_meaning
),
closing as (
    select max(month) as month from segment_month
),
told as (
    select
        segment_month.segment,
        meaning.label_fr,
        meaning.description_fr,
        meaning.help_fr,
        meaning.position,
        segment_month.households::integer as households,
        segment_month.share::double as share,
        earlier.share::double as share_year_before,
        segment_month.moved_in::integer as moved_in,
        segment_month.moved_out::integer as moved_out
    from segment_month
    inner join closing on segment_month.month = closing.month
    inner join meaning on segment_month.segment = meaning.segment
    left join segment_month as earlier
        on segment_month.segment = earlier.segment and earlier.month = segment_month.month - interval 12 month
)
select * from told
