-- One lease a tenancy. It starts on the 1st of the month of its first call (see entry.sql) and has ended with the
-- month of its last call, unless that is the month of the file's last payment or the month before.
with ranked as (
    select
        *,
        date_trunc('month', try_cast(paymentDate as date)) as paid_month,
        row_number() over (partition by file_id, tenancy_id order by paymentDate, line) - 1 as months_in
    from inbox.payments
),

dated as (
    select
        *,
        min(paid_month - to_months(months_in::integer)) over (partition by file_id, tenancy_id) as first_month,
        max(months_in) over (partition by file_id, tenancy_id) as last_months_in,
        max(paid_month) over (partition by file_id) as last_paid_month
    from ranked
),

ended as (
    select
        *,
        first_month + to_months(last_months_in::integer) as last_month
    from dated
)

select
    tenancy_id as id,
    household_id,
    houseID as dwelling_id,
    first_month::date::varchar as start_on,
    case when last_month < last_paid_month - to_months(1) then last_day(last_month)::varchar end as end_on,
    file_id,
    line
from ended
