select * from inbox.disposition
