select * from inbox.household
