-- Which payments cleared which debits, as Vaudrange's accountants lettered them (EcritureLet, DateLet). Within a letter
-- of a lease, credits clear debits in the order of booking: both sides are laid end to end on one line of euros, and each
-- stretch between two ends belongs to one debit and one credit. A letter whose other entries are not (yet) in the files
-- allocates what both sides reach.
with lettered as (
    select
        "PieceRef" as piece,
        "CompAuxNum" as tenant,
        "EcritureLet" as letter,
        "EcritureDate" as booked_on,
        "DateLet" as lettered_on,
        try_cast(debit_less_credit(decimal_comma("Debit"), decimal_comma("Credit")) as decimal(12, 2)) as amount,
        file_id,
        line
    from inbox.vaudrange_ledger
    where "EcritureLet" is not null and left("CompteNum", 3) in ('411', '416')
),

reached as (
    select
        *,
        sum(abs(amount)) over (
            partition by tenant, letter, amount > 0
            order by booked_on, file_id, line
        ) as reach
    from lettered
),

stretch as (
    select
        lettered_on,
        reach - lag(reach, 1, 0) over (partition by tenant, letter order by reach, piece) as euros,
        first_value(case when amount < 0 then {'piece': piece, 'file_id': file_id, 'line': line} end ignore nulls)
            over ahead as payment,
        first_value(case when amount > 0 then piece end ignore nulls) over ahead as debit
    from reached
    window ahead as (
        partition by tenant, letter
        order by reach, piece
        rows between current row and unbounded following
    )
)

select
    'V-' || payment.piece as payment_entry,
    'V-' || debit as debit_entry,
    euros as amount,
    date_compact(lettered_on) as allocated_on,
    payment.file_id as file_id,
    payment.line as line
from stretch
where euros > 0 and payment is not null and debit is not null
