-- The commands of devices, their executions, and the outcome of each.
CREATE TABLE command_definitions (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    device_id INTEGER REFERENCES devices (id) ON DELETE CASCADE,
    device_type TEXT,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    parameters TEXT NOT NULL,
    transport TEXT NOT NULL,
    verification TEXT NOT NULL,
    timeout_us INTEGER NOT NULL,
    repeatable INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);
CREATE INDEX command_definitions_by_org ON command_definitions (org_id, id);
CREATE UNIQUE INDEX command_definitions_by_device ON command_definitions (device_id, org_id, name)
WHERE device_id IS NOT NULL;
CREATE UNIQUE INDEX command_definitions_by_type ON command_definitions (org_id, device_type, name)
WHERE device_type IS NOT NULL;

CREATE TABLE command_executions (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    definition_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    parameters TEXT NOT NULL,
    transport TEXT NOT NULL,
    verification TEXT NOT NULL,
    timeout_us INTEGER NOT NULL,
    repeatable INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    progress TEXT,
    result TEXT,
    error TEXT,
    hand_outs INTEGER NOT NULL,
    sent_by TEXT,
    moves INTEGER NOT NULL,
    deadline_us INTEGER,
    after_seq INTEGER,
    sent_us INTEGER,
    received_us INTEGER,
    finished_us INTEGER
);
CREATE INDEX command_executions_by_org ON command_executions (org_id, id);
CREATE INDEX command_executions_by_device ON command_executions (device_id, org_id, id);
CREATE INDEX command_executions_by_definition ON command_executions (org_id, definition_id, id);
CREATE INDEX command_executions_open ON command_executions (device_id, state, id) WHERE finished_us IS NULL;
CREATE INDEX command_executions_by_deadline ON command_executions (deadline_us) WHERE deadline_us IS NOT NULL;
CREATE INDEX command_executions_awaiting ON command_executions (after_seq)
WHERE state = 'received' AND verification = 'next_reading';
CREATE INDEX command_executions_by_end ON command_executions (finished_us) WHERE finished_us IS NOT NULL;

CREATE TABLE command_transitions (
    org_id INTEGER NOT NULL,
    execution_id INTEGER NOT NULL REFERENCES command_executions (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (execution_id, number)
) WITHOUT ROWID;

-- Devices that execute one command at a time. A device without a row executes any number.
CREATE TABLE command_queues (
    device_id INTEGER PRIMARY KEY REFERENCES devices (id) ON DELETE CASCADE,
    org_id INTEGER NOT NULL
);
