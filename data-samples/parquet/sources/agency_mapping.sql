select * from inbox.agency_mapping
