select * from inbox.household_situation
