-- One or two offers of help for each household on tonight's list, and how to make them.
-- Reasons that raise the score lead to help, the weightiest first, where the situation allows it: benefit is not paid to the
-- landlord already; a smaller dwelling is spoken of only where fewer people live there than before and the rent weighs more. New
-- entrants without a diagnosis are offered one first. Where nothing else fits, someone asks how things are: whoever offers the rest does
-- so anyway.
-- The channel is the one that the household prefers: no message without its consent, then the telephone; a visit after a call in
-- vain, a letter after a visit in vain. Under guardianship one speaks to the representative.
-- grain: lease_id, position
-- columns:
--   lease_id                the lease
--   as_of                   the night
--   position                1 or 2
--   lever                   the help, see prevention.lever
--   label_fr                in words
--   reason_code             the reason that leads to it; null where none does
--   channel                 phone, visit, letter, sms or email
--   channel_fr              in words
--   through_representative  whether to speak to the legal representative
-- checks:
--   position between 1 and 2
--   label_fr is not null and channel_fr is not null
with night as (
    select as_of from strategy.night
),
setting as (
    select recently_contacted_days from strategy.risk
),
list as (
    select lease_id, household_id, stratum from prevention.list
),
reason as (
    select lease_id, position, reason_code from risk.reason where side = 'raises' and question = 'onset'
),
feature_meaning as (
    select feature, lever from risk.feature_meaning
),
lever as (
    select lever, label_fr from prevention.lever
),
lease as (
    select lease_id, start_on from ledger.lease
),
lease_terms as (
    select lease_id, valid_from, known_on, benefit_to_landlord
    from contract.lease_terms
    where valid_from <= (select as_of from night) and known_on <= (select as_of from night)
),
household as (
    select id, digital_consent, preferred_channel::varchar as preferred_channel from contract.household
),
situation as (
    select
        household_id,
        valid_from,
        known_on,
        size,
        reference_income,
        digital_consent,
        preferred_channel::varchar as preferred_channel
    from contract.household_situation
    where household_id in (select household_id from list)
        and valid_from <= (select as_of from night)
        and known_on <= (select as_of from night)
),
call as (
    select lease_id, term_month, net_call
    from ledger.call
    where net_call > 0 and lease_id in (select lease_id from list)
),
action as (
    select lease_id, action_on, kind::varchar as kind, contact::varchar as contact
    from contract.action
    where greatest(action_on, coalesce(recorded_on, action_on)) <= (select as_of from night)
),
lease_hold as (
    select distinct lease_id
    from contract.lease_hold
    where kind = 'guardianship'
        and coalesce(known_on, from_on) <= (select as_of from night)
        and from_on <= (select as_of from night)
        and (to_on is null or to_on >= (select as_of from night))
),
direct as (
    select lease_id, arg_max(benefit_to_landlord, (valid_from, known_on)) as benefit_to_landlord
    from lease_terms
    group by lease_id
),
lived as (
    select
        list.lease_id,
        situation.valid_from,
        situation.known_on,
        situation.size,
        12 * call.net_call / nullif(situation.reference_income, 0) as burden
    from list
    inner join situation on list.household_id = situation.household_id
    asof left join call on list.lease_id = call.lease_id and situation.valid_from >= call.term_month
),
asked_now as (
    select lease_id, arg_max(net_call, term_month) as net_call from call group by lease_id
),
lived_now as (
    select household_id, arg_max(size, (valid_from, known_on)) as size, arg_max(reference_income, (valid_from, known_on)) as income
    from situation
    group by household_id
),
shrunk as (
    select distinct lived.lease_id
    from lived
    inner join list on lived.lease_id = list.lease_id
    inner join lived_now on list.household_id = lived_now.household_id
    inner join asked_now on lived.lease_id = asked_now.lease_id
    where lived.size > lived_now.size and lived.burden < 12 * asked_now.net_call / nullif(lived_now.income, 0)
),
diagnosed as (
    select distinct list.lease_id
    from list
    inner join lease on list.lease_id = lease.lease_id
    inner join action on list.lease_id = action.lease_id and action.kind = 'move_in_diagnosis' and action.action_on >= lease.start_on
),
fitting as (
    select
        list.lease_id,
        case
            when feature_meaning.lever = 'direct_benefit' and direct.benefit_to_landlord then 'benefit_office'
            else feature_meaning.lever
        end as lever,
        reason.reason_code,
        case when feature_meaning.lever = 'contact' then 1000 else 0 end + reason.position as weight
    from list
    inner join reason on list.lease_id = reason.lease_id
    inner join feature_meaning on reason.reason_code = feature_meaning.feature
    left join direct on list.lease_id = direct.lease_id
    left join shrunk on list.lease_id = shrunk.lease_id
    where feature_meaning.lever <> 'smaller_dwelling' or shrunk.lease_id is not null
    union all
    select list.lease_id, 'entry_diagnosis' as lever, null as reason_code, 0 as weight
    from list
    anti join diagnosed on list.lease_id = diagnosed.lease_id
    where list.stratum = 'new_entrant'
    union all
    select lease_id, 'contact' as lever, null as reason_code, 2000 as weight
    from list
),
worded as (
    select
        fitting.lease_id,
        fitting.lever,
        lever.label_fr,
        arg_min(fitting.reason_code, fitting.weight) as reason_code,
        min(fitting.weight) as weight
    from fitting
    inner join lever on fitting.lever = lever.lever
    group by fitting.lease_id, fitting.lever, lever.label_fr
),
chosen as (
    select
        lease_id,
        row_number() over (partition by lease_id order by weight, lever)::integer as position,
        lever,
        label_fr,
        reason_code
    from worded
    qualify (position <= 2 and weight < 1000) or position = 1
),
consent as (
    select
        household_id,
        arg_max(digital_consent, (valid_from, known_on)) as digital_consent,
        arg_max(preferred_channel, (valid_from, known_on)) as preferred_channel
    from situation
    group by household_id
),
in_vain as (
    select action.lease_id, arg_max(action.kind, (action.action_on, action.kind)) as kind
    from action
    cross join night
    cross join setting
    where action.kind in ('call', 'visit')
        and action.contact = 'attempted'
        and action.action_on > night.as_of - setting.recently_contacted_days
    group by action.lease_id
),
preferred as (
    select
        list.lease_id,
        coalesce(consent.digital_consent, household.digital_consent, false) as digital_consent,
        coalesce(consent.preferred_channel, household.preferred_channel, 'phone') as channel,
        in_vain.kind as in_vain,
        lease_hold.lease_id is not null as through_representative
    from list
    left join household on list.household_id = household.id
    left join consent on list.household_id = consent.household_id
    left join in_vain on list.lease_id = in_vain.lease_id
    left join lease_hold on list.lease_id = lease_hold.lease_id
),
reached as (
    select
        lease_id,
        through_representative,
        case
            when through_representative then 'letter'
            when in_vain = 'visit' then 'letter'
            when in_vain = 'call' then 'visit'
            when channel in ('sms', 'email') and not digital_consent then 'phone'
            else channel
        end as channel
    from preferred
),
offered as (
    select
        chosen.lease_id,
        night.as_of,
        chosen.position,
        chosen.lever,
        chosen.label_fr,
        chosen.reason_code,
        reached.channel,
        case
            when reached.through_representative then 'par courrier au représentant légal'
            when reached.channel = 'phone' then 'par téléphone'
            when reached.channel = 'visit' then 'par une visite'
            when reached.channel = 'letter' then 'par courrier'
            when reached.channel = 'sms' then 'par SMS, pour convenir d’un appel'
            else 'par courriel, pour convenir d’un appel'
        end as channel_fr,
        reached.through_representative
    from chosen
    cross join night
    inner join reached on chosen.lease_id = reached.lease_id
)
select * from offered
