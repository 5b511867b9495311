-- Commands that another's broker is just being given: nobody knows yet whether it took them. And by which broker a downlink went.
ALTER TABLE command_executions ADD COLUMN leaving INTEGER NOT NULL DEFAULT 0;
CREATE INDEX command_executions_leaving ON command_executions (id) WHERE leaving = 1;
ALTER TABLE command_downlinks ADD COLUMN broker_id INTEGER;
