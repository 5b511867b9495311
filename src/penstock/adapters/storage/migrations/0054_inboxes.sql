-- Addresses of inboxes: numbers and aliases for mails. A released one receives nothing; its messages can still be read.
CREATE TABLE inbox_addresses (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    channel TEXT NOT NULL,
    value TEXT NOT NULL,
    label TEXT NOT NULL,
    account_id INTEGER,
    for_notifications INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL,
    released_us INTEGER
);
CREATE UNIQUE INDEX inbox_addresses_by_value ON inbox_addresses (org_id, value);
CREATE INDEX inbox_addresses_by_org ON inbox_addresses (org_id, id);
CREATE UNIQUE INDEX inbox_addresses_for_notifications ON inbox_addresses (org_id) WHERE for_notifications = 1;
-- An alias belongs to one organisation of the server permanently: mails to a released one must not reach another.
CREATE UNIQUE INDEX inbox_addresses_by_alias ON inbox_addresses (value) WHERE channel = 'mail';

-- Which groups, users and keys can access an address.
CREATE TABLE inbox_address_grants (
    org_id INTEGER NOT NULL,
    address_id INTEGER NOT NULL REFERENCES inbox_addresses (id) ON DELETE CASCADE,
    subject_kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    PRIMARY KEY (address_id, subject_kind, subject_id)
) WITHOUT ROWID;
CREATE INDEX inbox_address_grants_by_subject ON inbox_address_grants (org_id, subject_kind, subject_id);

-- Messages. `content` is encrypted with a data key that version `key_version` of the organisation's key wraps; bond: `message <id>`.
-- `source` is the SMS account, or the address of a mail, within which `provider_id` is unique. `job` names what an alert or rule
-- asked to send, once. `due_us` is when a message that is queued is sent.
CREATE TABLE inbox_messages (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    address_id INTEGER NOT NULL REFERENCES inbox_addresses (id),
    channel TEXT NOT NULL,
    direction TEXT NOT NULL,
    status TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    account_id INTEGER,
    source INTEGER,
    provider_id TEXT,
    job TEXT,
    error TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL,
    due_us INTEGER,
    read_us INTEGER,
    key_version INTEGER NOT NULL,
    data_key BLOB NOT NULL,
    content BLOB NOT NULL
);
CREATE INDEX inbox_messages_by_org ON inbox_messages (org_id, id);
CREATE INDEX inbox_messages_by_address ON inbox_messages (address_id, org_id, id);
CREATE UNIQUE INDEX inbox_messages_by_provider ON inbox_messages (source, provider_id) WHERE provider_id IS NOT NULL;
CREATE UNIQUE INDEX inbox_messages_by_job ON inbox_messages (org_id, job) WHERE job IS NOT NULL;
CREATE INDEX inbox_messages_waiting ON inbox_messages (org_id, address_id, id) WHERE status IN ('queued', 'sending');
CREATE INDEX inbox_messages_by_key ON inbox_messages (org_id, key_version);

-- The provider's ids of SMS that were sent: one for each part. Without a message, a report arrived before the provider's answer.
CREATE TABLE inbox_parts (
    org_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    provider_id TEXT NOT NULL,
    message_id INTEGER REFERENCES inbox_messages (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    error TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (account_id, provider_id)
) WITHOUT ROWID;
CREATE INDEX inbox_parts_by_message ON inbox_parts (message_id);
CREATE INDEX inbox_parts_unclaimed ON inbox_parts (at_us) WHERE message_id IS NULL;

-- Payloads of messages to webhooks that are kept encrypted; bond: `webhook message <id>`. Of others both columns are NULL.
ALTER TABLE webhook_messages ADD COLUMN key_version INTEGER;
ALTER TABLE webhook_messages ADD COLUMN data_key BLOB;
CREATE INDEX webhook_messages_by_key ON webhook_messages (org_id, key_version) WHERE key_version IS NOT NULL;
