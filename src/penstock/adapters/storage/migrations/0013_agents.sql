-- Agents: pair codes (keyed hashes), which agent speaks for which device, and the keys that sign their tokens (sealed).
CREATE TABLE pair_codes (
    device_id INTEGER PRIMARY KEY REFERENCES devices (id) ON DELETE CASCADE,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    digest BLOB NOT NULL UNIQUE,
    created_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL
);

CREATE TABLE agent_pairings (
    device_id INTEGER PRIMARY KEY REFERENCES devices (id) ON DELETE CASCADE,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    token_id TEXT NOT NULL,
    macaddress TEXT NOT NULL,
    agent_version TEXT NOT NULL,
    paired_us INTEGER NOT NULL
);

CREATE TABLE agent_keys (
    kid TEXT PRIMARY KEY,
    public BLOB NOT NULL,
    sealed BLOB NOT NULL,
    created_us INTEGER NOT NULL
) WITHOUT ROWID;
