select * from inbox.household_audit
