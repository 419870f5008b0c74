-- References that a receipt almost names, where it names no lease at all: one character added, left out, changed or swapped
-- with its neighbour, or a reference cut off at the end of the text with most of it left.
-- grain: receipt_id, lease_id
-- columns:
--   receipt_id  the receipt
--   lease_id    a lease whose reference is near
--   how         typo, or cut
with setting as (
    select shortest_reference, least_of_reference from strategy.bank
),
receipt as (
    select receipt_id, value_on, words from bank.receipt where words is not null and amount > 0
),
claim as (
    select receipt_id from bank.claim
),
reference as (
    select reference, lease_id, valid_from, valid_to, length(reference) as letters from bank.reference where kind = 'reference'
),
nameless as (
    select receipt.receipt_id, receipt.value_on, receipt.words
    from receipt
    anti join claim on receipt.receipt_id = claim.receipt_id
),
text as (
    select distinct words, string_split(words, ' ') as parts from nameless
),
word as (
    select words, parts, unnest(range(1, len(parts) + 1)) as position from text
),
tail as (
    select distinct words, array_to_string(parts[position:], '') as letters from word
),
length_of_reference as (
    select distinct letters from reference
),
length_tried as (
    select distinct letters + unnest([-1, 0, 1]) as letters from length_of_reference
),
tried as (
    select distinct tail.words, left(tail.letters, length_tried.letters) as tried
    from tail
    inner join length_tried on length(tail.letters) >= length_tried.letters
),
place_tried as (
    select words, tried, unnest(range(0, length(tried) + 1)) as place from tried
),
tried_without as (
    select words, tried, substr(tried, 1, place - 1) || substr(tried, place + 1) as without from place_tried
),
place_of_reference as (
    select reference, unnest(range(0, letters + 1)) as place from reference
),
reference_without as (
    select reference, substr(reference, 1, place - 1) || substr(reference, place + 1) as without from place_of_reference
),
typo as (
    select distinct tried_without.words, reference_without.reference
    from tried_without
    inner join reference_without on tried_without.without = reference_without.without
    where damerau_levenshtein(tried_without.tried, reference_without.reference) = 1
),
reference_start as (
    select reference, left(reference, unnest(range(ceil(letters * setting.least_of_reference)::bigint, letters))) as beginning
    from reference
    cross join setting
),
cut as (
    select distinct tail.words, reference_start.reference
    from tail
    inner join reference_start on tail.letters = reference_start.beginning
    cross join setting
    where length(tail.letters) >= setting.shortest_reference
),
either as (
    select words, reference, 'typo' as how from typo
    union all
    select words, reference, 'cut' as how from cut
),
near as (
    select nameless.receipt_id, reference.lease_id, max(either.how) as how
    from nameless
    inner join either on nameless.words = either.words
    inner join reference
        on either.reference = reference.reference
        and nameless.value_on >= reference.valid_from
        and nameless.value_on < coalesce(reference.valid_to, date '9999-12-31')
    group by nameless.receipt_id, reference.lease_id
)
select * from near
