-- Commands that are being published to an external broker and are not confirmed yet, and the broker of each downlink.
ALTER TABLE command_executions ADD COLUMN leaving INTEGER NOT NULL DEFAULT 0;
CREATE INDEX command_executions_leaving ON command_executions (id) WHERE leaving = 1;
ALTER TABLE command_downlinks ADD COLUMN broker_id INTEGER;
