select * from inbox.entry
