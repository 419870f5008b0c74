select * from inbox.dwelling
