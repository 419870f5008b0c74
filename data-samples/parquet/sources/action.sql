select * from inbox.action
