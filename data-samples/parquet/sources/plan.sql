select * from inbox.plan
