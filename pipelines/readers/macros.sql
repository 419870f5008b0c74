-- Macros for the mappings of sources/: text in, text out. What is not in the format that a macro reads passes through
-- unchanged, so that the contract refuses it and shows it as it was delivered.

-- '1 234,56' → '1234.56', '-12,00' → '-12.00', '+5' → '5'. A space, no-break space or narrow no-break space may group the
-- thousands; a dot is never accepted: '1.234,56' passes through.
create or replace macro decimal_comma(amount) as case
    when regexp_full_match(amount, '-?[0-9]+(,[0-9]+)?') then replace(amount, ',', '.')
    when regexp_full_match(amount, '[+-]?([0-9]+|[0-9]{1,3}([ \x{A0}\x{202F}][0-9]{3})+)(,[0-9]+)?')
        then replace(regexp_replace(amount, '[+ \x{A0}\x{202F}]', '', 'g'), ',', '.')
    else amount
end;

-- '31/01/2024' → '2024-01-31'; '31/02/2024' passes through.
create or replace macro date_dmy(day) as case
    when regexp_full_match(day, '[0-9]{2}/[0-9]{2}/[0-9]{4}')
        then coalesce(try_strptime(day, '%d/%m/%Y')::date::varchar, day)
    else day
end;

-- '20240131' → '2024-01-31'; '20240231' passes through.
create or replace macro date_compact(day) as case
    when regexp_full_match(day, '[0-9]{8}')
        then coalesce(try_strptime(day, '%Y%m%d')::date::varchar, day)
    else day
end;

-- '01/2024' → '2024-01'; '13/2024' passes through.
create or replace macro month_my(month) as regexp_replace(month, '^(0[1-9]|1[0-2])/([0-9]{4})$', '\2-\1');

-- ('12.5', null) → '12.50', (null, '3') → '-3.00', ('12.50', '2.00') → '10.50', (null, null) → null. An amount that is not
-- a canonical decimal passes through in place of the result, the debit first.
create or replace macro debit_less_credit(debit, credit) as case
    when not regexp_full_match(debit, '-?(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?') then debit
    when not regexp_full_match(credit, '-?(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?') then credit
    when debit is not null or credit is not null
        then (
            coalesce(try_cast(debit as decimal(12, 2)), 0) - coalesce(try_cast(credit as decimal(12, 2)), 0)
        )::varchar
end;
