-- Secrets of organisations. One has a name that users gave it, or an owner (such as a webhook) and a path among the owner's secrets.
CREATE TABLE secrets (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT,
    owner_kind TEXT,
    owner_id INTEGER,
    path TEXT NOT NULL,
    description TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);
CREATE UNIQUE INDEX secrets_by_name ON secrets (org_id, name) WHERE name IS NOT NULL;
CREATE UNIQUE INDEX secrets_by_owner ON secrets (org_id, owner_kind, owner_id, path) WHERE owner_kind IS NOT NULL;
CREATE INDEX secrets_by_org ON secrets (org_id, id);

-- Their contents, encrypted with a data key that version `key_version` of the organisation's key wraps.
CREATE TABLE secret_versions (
    org_id INTEGER NOT NULL,
    secret_id INTEGER NOT NULL REFERENCES secrets (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    key_version INTEGER NOT NULL,
    data_key BLOB NOT NULL,
    content BLOB NOT NULL,
    created_by TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    PRIMARY KEY (secret_id, version)
) WITHOUT ROWID;
CREATE INDEX secret_versions_by_key ON secret_versions (org_id, key_version);

-- Which owners use a secret with a name, and for which of their own paths.
CREATE TABLE secret_uses (
    org_id INTEGER NOT NULL,
    owner_kind TEXT NOT NULL,
    owner_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    secret_id INTEGER NOT NULL REFERENCES secrets (id),
    PRIMARY KEY (org_id, owner_kind, owner_id, path)
) WITHOUT ROWID;
CREATE INDEX secret_uses_by_secret ON secret_uses (secret_id);
