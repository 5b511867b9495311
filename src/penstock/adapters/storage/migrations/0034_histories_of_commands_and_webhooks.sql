-- Executions outlive their device, and webhook messages their endpoint. What refers to them is copied first, because dropping a
-- table deletes the rows that refer to its rows.
CREATE TABLE command_transitions_copy AS SELECT org_id, execution_id, number, state, at_us, reason FROM command_transitions;
CREATE TABLE command_downlinks_copy AS
SELECT execution_id, org_id, device_id, connection_id, name, accepted, broker_id FROM command_downlinks;
DROP TABLE command_transitions;
DROP TABLE command_downlinks;

CREATE TABLE command_executions_new (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    device_id INTEGER NOT NULL,
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
    finished_us INTEGER,
    leaving INTEGER NOT NULL DEFAULT 0,
    chain TEXT NOT NULL DEFAULT '[]'
);
INSERT INTO command_executions_new SELECT
    id, org_id, device_id, definition_id, name, parameters, transport, verification, timeout_us, repeatable, created_by,
    created_us, expires_us, state, reason, progress, result, error, hand_outs, sent_by, moves, deadline_us, after_seq, sent_us,
    received_us, finished_us, leaving, chain
FROM command_executions;
DROP TABLE command_executions;
ALTER TABLE command_executions_new RENAME TO command_executions;
CREATE INDEX command_executions_by_org ON command_executions (org_id, id);
CREATE INDEX command_executions_by_device ON command_executions (device_id, org_id, id);
CREATE INDEX command_executions_by_definition ON command_executions (org_id, definition_id, id);
CREATE INDEX command_executions_open ON command_executions (device_id, state, id) WHERE finished_us IS NULL;
CREATE INDEX command_executions_by_deadline ON command_executions (deadline_us) WHERE deadline_us IS NOT NULL;
CREATE INDEX command_executions_awaiting ON command_executions (after_seq)
WHERE state = 'received' AND verification = 'next_reading';
CREATE INDEX command_executions_by_end ON command_executions (finished_us) WHERE finished_us IS NOT NULL;
CREATE INDEX command_executions_leaving ON command_executions (id) WHERE leaving = 1;

CREATE TABLE command_transitions (
    org_id INTEGER NOT NULL,
    execution_id INTEGER NOT NULL REFERENCES command_executions (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (execution_id, number)
) WITHOUT ROWID;
INSERT INTO command_transitions SELECT org_id, execution_id, number, state, at_us, reason FROM command_transitions_copy;
DROP TABLE command_transitions_copy;
CREATE TABLE command_downlinks (
    execution_id INTEGER PRIMARY KEY REFERENCES command_executions (id) ON DELETE CASCADE,
    org_id INTEGER NOT NULL,
    device_id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL,
    name TEXT,
    accepted INTEGER NOT NULL,
    broker_id INTEGER
);
INSERT INTO command_downlinks
SELECT execution_id, org_id, device_id, connection_id, name, accepted, broker_id FROM command_downlinks_copy;
DROP TABLE command_downlinks_copy;
CREATE INDEX command_downlinks_by_name ON command_downlinks (device_id, name) WHERE name IS NOT NULL;

CREATE TABLE webhook_attempts_copy AS
SELECT id, org_id, message_id, endpoint_id, at_us, latency_us, status, error, excerpt FROM webhook_attempts;
DROP TABLE webhook_attempts;
CREATE TABLE webhook_messages_new (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    endpoint_id INTEGER NOT NULL,
    event_key TEXT NOT NULL,
    topic TEXT NOT NULL,
    device_id INTEGER,
    project_id INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    due_us INTEGER NOT NULL,
    body BLOB,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    last_status INTEGER,
    settled_us INTEGER,
    chain TEXT NOT NULL DEFAULT ''
);
INSERT INTO webhook_messages_new SELECT
    id, org_id, endpoint_id, event_key, topic, device_id, project_id, created_us, due_us, body, status, attempts, tries,
    last_status, settled_us, chain
FROM webhook_messages;
DROP TABLE webhook_messages;
ALTER TABLE webhook_messages_new RENAME TO webhook_messages;
CREATE UNIQUE INDEX webhook_messages_by_event ON webhook_messages (endpoint_id, event_key);
CREATE INDEX webhook_messages_due ON webhook_messages (endpoint_id, due_us, id) WHERE status = 'pending';
CREATE INDEX webhook_messages_in_order ON webhook_messages (endpoint_id, device_id, id) WHERE status = 'pending';
CREATE INDEX webhook_messages_by_org ON webhook_messages (org_id, id);
CREATE INDEX webhook_messages_by_endpoint ON webhook_messages (endpoint_id, id);
CREATE INDEX webhook_messages_with_body ON webhook_messages (org_id, id) WHERE body IS NOT NULL;
CREATE TABLE webhook_attempts (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL REFERENCES webhook_messages (id) ON DELETE CASCADE,
    endpoint_id INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    latency_us INTEGER NOT NULL,
    status INTEGER,
    error TEXT,
    excerpt TEXT NOT NULL
);
INSERT INTO webhook_attempts
SELECT id, org_id, message_id, endpoint_id, at_us, latency_us, status, error, excerpt FROM webhook_attempts_copy;
DROP TABLE webhook_attempts_copy;
CREATE INDEX webhook_attempts_by_message ON webhook_attempts (message_id, id);
