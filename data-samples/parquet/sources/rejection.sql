select * from inbox.rejection
