select * from inbox.plan_instalment
