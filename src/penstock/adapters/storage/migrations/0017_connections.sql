-- Connections to network servers and brokers, the connection of each device, and network servers' reports about devices.
CREATE TABLE connections (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    project_id INTEGER REFERENCES projects (id),
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    status TEXT NOT NULL,
    settings TEXT NOT NULL,
    sealed BLOB NOT NULL,
    secret_digest BLOB NOT NULL UNIQUE,
    secret_prefix TEXT NOT NULL,
    previous_digest BLOB,
    previous_until_us INTEGER,
    messages INTEGER NOT NULL DEFAULT 0,
    errors INTEGER NOT NULL DEFAULT 0,
    last_message_us INTEGER,
    last_error_us INTEGER,
    last_error TEXT,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);
CREATE INDEX connections_by_org ON connections (org_id, id);
CREATE INDEX connections_by_previous ON connections (previous_digest) WHERE previous_digest IS NOT NULL;

-- A device without a row has not reported through a connection yet.
CREATE TABLE device_routes (
    device_id INTEGER PRIMARY KEY REFERENCES devices (id) ON DELETE CASCADE,
    org_id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    device_name TEXT,
    application_id TEXT,
    since_us INTEGER NOT NULL
);
CREATE INDEX device_routes_by_connection ON device_routes (connection_id);

CREATE TABLE device_events (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    connection_id INTEGER,
    kind TEXT NOT NULL,
    time_us INTEGER NOT NULL,
    received_us INTEGER NOT NULL,
    details TEXT NOT NULL,
    dedupe_key TEXT
);
CREATE INDEX device_events_by_device ON device_events (device_id, id);
CREATE INDEX device_events_by_age ON device_events (received_us);
CREATE UNIQUE INDEX device_events_by_key ON device_events (device_id, kind, dedupe_key) WHERE dedupe_key IS NOT NULL;
