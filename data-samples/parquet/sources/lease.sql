select * from inbox.lease
