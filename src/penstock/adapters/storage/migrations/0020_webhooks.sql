-- Webhook endpoints, their pending messages, the outcome of each attempt, and readings that wait for a batch.
CREATE TABLE webhook_endpoints (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    project_id INTEGER REFERENCES projects (id),
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    format TEXT NOT NULL,
    topics TEXT NOT NULL,
    filters TEXT NOT NULL,
    options TEXT NOT NULL,
    header_names TEXT NOT NULL,
    sealed BLOB NOT NULL,
    enabled INTEGER NOT NULL,
    disabled_reason TEXT,
    since_us INTEGER NOT NULL,
    previous_until_us INTEGER,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since_us INTEGER,
    open_until_us INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX webhook_endpoints_by_org ON webhook_endpoints (org_id, id);

CREATE TABLE webhook_messages (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    endpoint_id INTEGER NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
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
    settled_us INTEGER
);
-- One message per event and endpoint, even if the event is processed again.
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
CREATE INDEX webhook_attempts_by_message ON webhook_attempts (message_id, id);

CREATE TABLE webhook_gathered (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    org_id INTEGER NOT NULL,
    endpoint_id INTEGER NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    event_key TEXT NOT NULL,
    body BLOB NOT NULL,
    created_us INTEGER NOT NULL
);
CREATE UNIQUE INDEX webhook_gathered_by_event ON webhook_gathered (endpoint_id, event_key);

CREATE TABLE usage_webhooks (
    org_id INTEGER NOT NULL,
    hour_us INTEGER NOT NULL,
    project_id INTEGER NOT NULL,
    webhooks INTEGER NOT NULL,
    PRIMARY KEY (org_id, hour_us, project_id)
) WITHOUT ROWID;
CREATE TABLE usage_webhook_days (
    org_id INTEGER NOT NULL,
    day_us INTEGER NOT NULL,
    project_id INTEGER NOT NULL,
    webhooks INTEGER NOT NULL,
    PRIMARY KEY (org_id, day_us, project_id)
) WITHOUT ROWID;
