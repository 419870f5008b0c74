select * from inbox.lease_terms
