-- Each row of the file is two entries: a call of rentAmount and a receipt of paymentAmount.
-- Row k of a tenancy, by date of payment, is the call of its k-th month, due on the 1st. Nobody pays a call before its
-- month, so the first month is the latest one for which no payment comes before the call it pays. (The month of
-- the first payment would be a month too late for 66 tenancies, whose first payment was over a month late.)
-- A negative payment, a cheque returned with its cost, is a debit due on the day of payment.
with ranked as (
    select
        *,
        date_trunc('month', try_cast(paymentDate as date)) as paid_month,
        row_number() over (partition by file_id, tenancy_id order by paymentDate, line) as rank_in_tenancy
    from inbox.payments
),

dated as (
    select
        *,
        min(paid_month - to_months(rank_in_tenancy::integer - 1)) over (partition by file_id, tenancy_id) as first_month
    from ranked
),

called as (
    select
        *,
        (first_month + to_months(rank_in_tenancy::integer - 1))::date::varchar as due_on
    from dated
)

select
    tenancy_id || '-' || rank_in_tenancy || '-call' as id,
    tenancy_id as lease_id,
    due_on as booked_on,
    due_on,
    null as value_on,
    'rent' as kind,
    'principal' as component,
    rentAmount as amount,
    due_on[:7] as term_month,
    null as payer,
    file_id,
    line
from called

union all

select
    tenancy_id || '-' || rank_in_tenancy || '-receipt' as id,
    tenancy_id as lease_id,
    paymentDate as booked_on,
    case when paymentAmount like '-%' then paymentDate end as due_on,
    case when paymentAmount not like '-%' then paymentDate end as value_on,
    'payment' as kind,
    case when paymentAmount like '-%' then 'principal' end as component,
    case
        when paymentAmount like '-%' then substr(paymentAmount, 2)
        when paymentAmount in ('0', '0.0', '0.00') then paymentAmount
        else '-' || paymentAmount
    end as amount,
    null as term_month,
    'tenant' as payer,
    file_id,
    line
from called
