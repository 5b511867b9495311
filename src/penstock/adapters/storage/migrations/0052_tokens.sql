-- Tokens: the seeds of one-time passwords that people share. The seed itself is a secret of the owner ('token', id).
CREATE TABLE tokens (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    issuer TEXT NOT NULL,
    account TEXT NOT NULL,
    description TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    digits INTEGER NOT NULL,
    period_s INTEGER NOT NULL,
    four_eyes INTEGER NOT NULL,
    last_step INTEGER NOT NULL,
    rotate_reason TEXT,
    created_by TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL,
    search TEXT GENERATED ALWAYS AS (name || char(10) || issuer || char(10) || account || char(10) || description) VIRTUAL,
    UNIQUE (org_id, name)
);
-- A text is searched in the indexes of the two orders, without reading the rows.
CREATE INDEX tokens_by_org ON tokens (org_id, id, search);
CREATE INDEX tokens_by_name ON tokens (org_id, name, search);
CREATE INDEX tokens_to_rotate ON tokens (org_id, name) WHERE rotate_reason IS NOT NULL;

-- Who may use a token: a group, user or key, until a time.
CREATE TABLE token_grants (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    token_id INTEGER NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    subject_kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    permission TEXT NOT NULL,
    expires_us INTEGER,
    reason TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    UNIQUE (org_id, token_id, subject_kind, subject_id, permission)
);
CREATE INDEX token_grants_by_token ON token_grants (token_id);
CREATE INDEX token_grants_by_subject ON token_grants (org_id, subject_kind, subject_id, token_id);
