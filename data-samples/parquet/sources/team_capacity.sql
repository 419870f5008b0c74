select * from inbox.team_capacity
