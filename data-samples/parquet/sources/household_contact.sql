select * from inbox.household_contact
