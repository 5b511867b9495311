-- The control database: everything but readings.
CREATE TABLE organizations (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    plan TEXT NOT NULL,
    created_us INTEGER NOT NULL
);

CREATE TABLE projects (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    is_default INTEGER NOT NULL,
    created_us INTEGER NOT NULL
);
CREATE INDEX projects_by_org ON projects (org_id);
CREATE UNIQUE INDEX projects_one_default ON projects (org_id) WHERE is_default;

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    password_hash TEXT NOT NULL,
    created_us INTEGER NOT NULL
);

CREATE TABLE memberships (
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    PRIMARY KEY (org_id, user_id)
) WITHOUT ROWID;

CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    expires_us INTEGER,
    revoked_us INTEGER,
    last_used_us INTEGER
);
CREATE INDEX api_keys_by_org ON api_keys (org_id, id);

CREATE TABLE devices (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    project_id INTEGER NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL,
    settings TEXT NOT NULL,
    labels TEXT NOT NULL,
    location TEXT,
    token_digest BLOB NOT NULL UNIQUE,
    token_prefix TEXT NOT NULL,
    last_seen_us INTEGER,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);
CREATE INDEX devices_by_org ON devices (org_id, id);

CREATE TABLE device_identifiers (
    org_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    PRIMARY KEY (org_id, kind, value)
) WITHOUT ROWID;
CREATE INDEX device_identifiers_by_device ON device_identifiers (device_id);
CREATE INDEX device_identifiers_by_value ON device_identifiers (org_id, value);

CREATE TABLE sensors (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    value_type TEXT NOT NULL,
    declared INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL,
    UNIQUE (device_id, key)
);

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    org_id INTEGER NOT NULL,
    topic TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    body BLOB NOT NULL
);

CREATE TABLE idempotency (
    org_id INTEGER NOT NULL,
    caller_id INTEGER NOT NULL,
    key_digest BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    answer BLOB NOT NULL,
    created_us INTEGER NOT NULL,
    PRIMARY KEY (org_id, caller_id, key_digest)
) WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_us);
