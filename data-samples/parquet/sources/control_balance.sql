select * from inbox.control_balance
