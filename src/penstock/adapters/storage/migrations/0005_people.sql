-- People: how they prove themselves, their sessions, groups and invitations, and the mail to them.
ALTER TABLE users ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN suspended_us INTEGER;
ALTER TABLE organizations ADD COLUMN require_mfa INTEGER NOT NULL DEFAULT 0;
CREATE INDEX memberships_by_user ON memberships (user_id);

-- The seed is sealed under a key made of the pepper and bound to the user; codes and tokens are stored as keyed hashes.
CREATE TABLE second_factors (
    user_id INTEGER PRIMARY KEY REFERENCES users (id),
    sealed BLOB NOT NULL,
    algorithm TEXT NOT NULL,
    digits INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    confirmed_us INTEGER,
    last_step INTEGER NOT NULL
);

CREATE TABLE recovery_codes (
    user_id INTEGER NOT NULL REFERENCES users (id),
    digest BLOB NOT NULL,
    PRIMARY KEY (user_id, digest)
) WITHOUT ROWID;

CREATE TABLE reset_tokens (
    digest BLOB PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    created_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX reset_tokens_by_user ON reset_tokens (user_id, created_us);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    refresh_digest BLOB NOT NULL UNIQUE,
    methods TEXT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    last_used_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    revoked_us INTEGER
);
CREATE INDEX sessions_by_user ON sessions (org_id, user_id, id);
CREATE INDEX sessions_of_user ON sessions (user_id);

-- Refresh tokens that were used. If one is sent again, it was stolen.
CREATE TABLE spent_refreshes (
    digest BLOB PRIMARY KEY,
    org_id INTEGER NOT NULL,
    session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX spent_refreshes_by_session ON spent_refreshes (session_id);

CREATE TABLE user_groups (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    UNIQUE (org_id, name)
);

CREATE TABLE group_members (
    org_id INTEGER NOT NULL,
    group_id INTEGER NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id),
    created_us INTEGER NOT NULL,
    PRIMARY KEY (org_id, group_id, user_id)
) WITHOUT ROWID;
CREATE INDEX group_members_by_user ON group_members (org_id, user_id);

CREATE TABLE invitations (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    email TEXT NOT NULL COLLATE NOCASE,
    role TEXT NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    invited_by TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    sent_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    accepted_us INTEGER,
    withdrawn_us INTEGER
);
CREATE INDEX invitations_by_org ON invitations (org_id, id);
CREATE INDEX invitations_by_email ON invitations (org_id, email);

-- Keys that sign people's tokens; the private part is sealed. A retired one is published until its last token has run out.
CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY,
    public BLOB NOT NULL,
    sealed BLOB NOT NULL,
    created_us INTEGER NOT NULL,
    retired_us INTEGER
) WITHOUT ROWID;

-- Mail to be sent, sealed, as it may hold a token.
CREATE TABLE mail_queue (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    sealed BLOB NOT NULL,
    created_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    due_us INTEGER NOT NULL,
    attempts INTEGER NOT NULL
);
CREATE INDEX mail_queue_by_due ON mail_queue (due_us);
