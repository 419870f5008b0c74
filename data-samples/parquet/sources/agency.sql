select * from inbox.agency
