select * from inbox.lease_hold
