-- Tonight's lists of households to offer help to before they owe anything: exactly as many an agency as its teams can contact.
-- Those on the last list come first, as long as they rank within the strategy's factor of its length, then the likeliest of the
-- others; equal probabilities stand in the order of a hash of the lease. A list that is older than a score may be keeps
-- nobody's place. Left out are the households of prevention.excluded. In shadow the list is made, and given to nobody.
-- grain: lease_id
-- columns:
--   as_of          the night
--   lease_id       the lease
--   household_id   the household
--   agency_id      today's agency
--   place          place on the agency's list, the likeliest first
--   kept           whether it was on the last list
--   listed_since   first night of the lists in a row that hold it
--   probability    probability to owe a whole term at a month end within the horizon
--   rank           place of that probability among the agency's households that may be listed
--   stratum        new_entrant, never, clean or other
--   team           who calls: agency for new entrants, else prevention
--   in_shadow      whether the model is on trial, and the list given to nobody
-- checks:
--   place >= 1
--   kept = (listed_since < as_of)
with night as (
    select as_of from strategy.night
),
setting as (
    select incumbents_factor, expires_days from strategy.risk
),
model as (
    select coalesce(bool_or(in_shadow), false) as in_shadow from risk.model where question = 'onset'
),
estimate as (
    select lease_id, probability from risk.estimate where question = 'onset'
),
cohort as (
    select lease_id, household_id, agency_id, stratum
    from risk.cohort
    where question = 'onset' and as_of = (select as_of from night)
),
excluded as (
    select lease_id from prevention.excluded where is_main and as_of = (select as_of from night)
),
list_size as (
    select agency_id, k from prevention.list_size
),
remembered_list as (
    select as_of, lease_id, listed_since from remembered.listed
),
last_list as (
    select remembered_list.lease_id, remembered_list.listed_since
    from remembered_list
    cross join night
    cross join setting
    where
        remembered_list.as_of = (select max(as_of) from remembered_list)
        and remembered_list.as_of >= night.as_of - setting.expires_days
),
ranked as (
    select
        cohort.lease_id,
        cohort.household_id,
        cohort.agency_id,
        cohort.stratum,
        estimate.probability,
        row_number() over (
            partition by cohort.agency_id order by estimate.probability desc, md5(cohort.lease_id)
        )::integer as rank
    from estimate
    inner join cohort on estimate.lease_id = cohort.lease_id
    anti join excluded on estimate.lease_id = excluded.lease_id
),
first_served as (
    select
        ranked.*,
        list_size.k,
        last_list.listed_since,
        row_number() over (
            partition by ranked.agency_id
            order by last_list.lease_id is null or ranked.rank > setting.incumbents_factor * list_size.k, ranked.rank
        ) as turn
    from ranked
    cross join setting
    inner join list_size on ranked.agency_id = list_size.agency_id
    left join last_list on ranked.lease_id = last_list.lease_id
),
listed as (
    select
        night.as_of,
        first_served.lease_id,
        first_served.household_id,
        first_served.agency_id,
        row_number() over (partition by first_served.agency_id order by first_served.rank)::integer as place,
        first_served.listed_since is not null as kept,
        coalesce(first_served.listed_since, night.as_of) as listed_since,
        first_served.probability,
        first_served.rank,
        first_served.stratum,
        case when first_served.stratum = 'new_entrant' then 'agency' else 'prevention' end as team,
        model.in_shadow
    from first_served
    cross join night
    cross join model
    where first_served.turn <= first_served.k
)
select * from listed
