-- Receipts that name no lease and yet bear something that begins like a reference of the landlord's, letters where it has
-- letters and digits where it has digits: mistyped, cut, or of a lease that the landlord's list lacks.
-- grain: receipt_id
-- columns:
--   receipt_id  the receipt
with setting as (
    select shortest_reference from strategy.bank
),
receipt as (
    select receipt_id, words from bank.receipt where words is not null
),
claim as (
    select receipt_id from bank.claim
),
reference as (
    select reference from bank.reference where kind = 'reference'
),
nameless as (
    select receipt.receipt_id, receipt.words
    from receipt
    anti join claim on receipt.receipt_id = claim.receipt_id
),
shape as (
    select distinct regexp_replace(regexp_replace(left(reference, shortest_reference), '[A-Z]', 'A', 'g'), '[0-9]', '9', 'g') as shape
    from reference
    cross join setting
),
text as (
    select distinct words, string_split(words, ' ') as parts from nameless
),
word as (
    select words, parts, unnest(range(1, len(parts) + 1)) as position from text
),
beginning as (
    select distinct word.words, left(array_to_string(word.parts[word.position:], ''), setting.shortest_reference) as letters
    from word
    cross join setting
),
alike as (
    select distinct beginning.words
    from beginning
    inner join shape
        on regexp_replace(regexp_replace(beginning.letters, '[A-Z]', 'A', 'g'), '[0-9]', '9', 'g') = shape.shape
),
bearing as (
    select nameless.receipt_id
    from nameless
    inner join alike on nameless.words = alike.words
)
select * from bearing
