-- Keys with all their restrictions, and the audit log.
ALTER TABLE api_keys ADD COLUMN style TEXT NOT NULL DEFAULT 'penstock';
ALTER TABLE api_keys ADD COLUMN rotated_us INTEGER;
ALTER TABLE api_keys ADD COLUMN valid_until_us INTEGER;
ALTER TABLE api_keys ADD COLUMN replaced_by INTEGER;
ALTER TABLE api_keys ADD COLUMN cidrs TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN single_use TEXT;
ALTER TABLE api_keys ADD COLUMN used_from TEXT;
ALTER TABLE api_keys ADD COLUMN spent_us INTEGER;
ALTER TABLE api_keys ADD COLUMN per_minute INTEGER;
ALTER TABLE api_keys ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN last_address TEXT NOT NULL DEFAULT '';

ALTER TABLE organizations ADD COLUMN suspended_us INTEGER;

-- A number that moves with every change to credentials, so that a running server sees what the command line did.
CREATE TABLE credential_changes (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL
);
INSERT INTO credential_changes (id, number) VALUES (1, 0);

CREATE TABLE audit_entries (
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    seq INTEGER NOT NULL,
    time_us INTEGER NOT NULL,
    action TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    address TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    target_name TEXT NOT NULL,
    outcome TEXT NOT NULL,
    details TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (org_id, seq)
) WITHOUT ROWID;
CREATE INDEX audit_by_time ON audit_entries (org_id, time_us);
CREATE INDEX audit_by_action ON audit_entries (org_id, action, seq);
CREATE INDEX audit_by_actor ON audit_entries (org_id, actor_name, seq);
CREATE INDEX audit_by_target ON audit_entries (org_id, target_kind, target_name, seq);
CREATE INDEX audit_by_target_id ON audit_entries (org_id, target_id, seq);

CREATE TABLE audit_heads (
    org_id INTEGER PRIMARY KEY REFERENCES organizations (id),
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    time_us INTEGER NOT NULL
);
