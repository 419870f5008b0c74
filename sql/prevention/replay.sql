-- Lists at past month ends, over every household that owed no whole term then: who was on the list, or would have been.
-- Where a list had been given to the teams in the weeks before, it is that one; else lists are replayed by the rules of
-- prevention.list, on scores that did not know what came, each month's keeping those of the month before.
-- grain: as_of, lease_id
-- columns:
--   as_of        the month end
--   lease_id     the lease
--   agency_id    today's agency
--   given        whether the list had been given to the teams; else it is replayed
--   listed_on    the night whose list it is; the month end itself for a replayed one
--   excluded     whether the household was to be left out that day
--   rank         place of its score among the agency's households that could be listed; null for others
--   listed       whether it was on the list
--   kept         whether it was on the list before
--   outcome      whether it owed a whole term at a month end within the horizon
--   reached_on   the first such month end
--   contacted    whether it was contacted after the date and before that, or within the horizon
--   helped       whether it was helped, likewise
-- checks:
--   outcome = (reached_on is not null)
with recursive
setting as (
    select incumbents_factor, list_weeks from strategy.risk
),
capacity as (
    select as_of, agency_id, k from prevention.capacity
),
excluded as (
    select as_of, lease_id from prevention.excluded where is_main
),
past_score as (
    select as_of, lease_id, agency_id, probability, outcome, reached_month, contacted, helped
    from risk.past_score
    where question = 'onset'
),
given_list as (
    select distinct as_of, lease_id from remembered.listed where not in_shadow
),
numbered as (
    select as_of, row_number() over (order by as_of) as number from (select distinct as_of from past_score)
),
given_night as (
    select numbered.as_of, max(given_list.as_of) as listed_on
    from numbered
    cross join setting
    inner join given_list on given_list.as_of <= numbered.as_of and given_list.as_of > numbered.as_of - 7 * setting.list_weeks
    group by numbered.as_of
),
scored as materialized (
    select
        numbered.number,
        past_score.as_of,
        past_score.lease_id,
        past_score.agency_id,
        given_night.listed_on,
        excluded.lease_id is not null as excluded,
        given_list.lease_id is not null as was_given,
        case
            when excluded.lease_id is null
                then
                    row_number() over (
                        partition by past_score.as_of, past_score.agency_id, excluded.lease_id is null
                        order by past_score.probability desc, md5(past_score.lease_id)
                    )::integer
        end as rank,
        coalesce(capacity.k, 0) as k,
        past_score.outcome,
        last_day(past_score.reached_month) as reached_on,
        past_score.contacted,
        past_score.helped
    from past_score
    inner join numbered on past_score.as_of = numbered.as_of
    left join capacity on past_score.as_of = capacity.as_of and past_score.agency_id = capacity.agency_id
    left join excluded on past_score.as_of = excluded.as_of and past_score.lease_id = excluded.lease_id
    left join given_night on past_score.as_of = given_night.as_of
    left join given_list on given_night.listed_on = given_list.as_of and past_score.lease_id = given_list.lease_id
),
chosen as (
    select 0::bigint as number, null::varchar as lease_id, false as listed, false as kept
    union all
    select
        number,
        lease_id,
        case
            when listed_on is not null then was_given
            else
                not excluded
                and row_number() over (
                    partition by agency_id
                    order by excluded, not was_listed or rank > incumbents_factor * k, rank
                ) <= k
        end as listed,
        was_listed as kept
    from (
        select
            scored.number,
            scored.lease_id,
            scored.agency_id,
            scored.listed_on,
            scored.excluded,
            scored.was_given,
            scored.rank,
            scored.k,
            setting.incumbents_factor,
            coalesce(chosen.listed, false) as was_listed
        from scored
        cross join setting
        left join chosen on scored.lease_id = chosen.lease_id
        where scored.number = (select max(number) + 1 from chosen)
    ) as next_list
),
told as (
    select
        scored.as_of,
        scored.lease_id,
        scored.agency_id,
        scored.listed_on is not null as given,
        coalesce(scored.listed_on, scored.as_of) as listed_on,
        scored.excluded,
        scored.rank,
        chosen.listed,
        chosen.listed and chosen.kept as kept,
        scored.outcome,
        case when scored.outcome then scored.reached_on end as reached_on,
        scored.contacted or (scored.was_given and scored.excluded) as contacted,
        scored.helped
    from scored
    inner join chosen on scored.number = chosen.number and scored.lease_id = chosen.lease_id
)
select * from told
