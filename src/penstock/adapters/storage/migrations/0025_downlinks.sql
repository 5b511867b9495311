-- Commands that were sent to a network server as downlinks, and the name that its reports use for each.
CREATE TABLE command_downlinks (
    execution_id INTEGER PRIMARY KEY REFERENCES command_executions (id) ON DELETE CASCADE,
    org_id INTEGER NOT NULL,
    device_id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL,
    name TEXT,
    accepted INTEGER NOT NULL
);
CREATE INDEX command_downlinks_by_name ON command_downlinks (device_id, name) WHERE name IS NOT NULL;
