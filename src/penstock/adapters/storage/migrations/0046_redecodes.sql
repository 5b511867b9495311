-- Re-decodes: stored uplinks that are decoded again. `plan` is which, `pending` are payloads that are counted and not yet written.
CREATE TABLE redecodes (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    device_id INTEGER,
    profile_id INTEGER,
    project_id INTEGER,
    reach_id INTEGER,
    from_us INTEGER NOT NULL,
    to_us INTEGER NOT NULL,
    only_failed INTEGER NOT NULL,
    state TEXT NOT NULL,
    until_seq INTEGER NOT NULL,
    author TEXT NOT NULL,
    chain TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    reason TEXT NOT NULL,
    total INTEGER,
    done INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    started_us INTEGER,
    finished_us INTEGER,
    plan BLOB,
    pending BLOB
);
CREATE INDEX redecodes_by_org ON redecodes (org_id, id);
CREATE INDEX redecodes_active ON redecodes (org_id, id) WHERE finished_us IS NULL;
CREATE INDEX redecodes_by_end ON redecodes (finished_us);
CREATE INDEX redecodes_pending ON redecodes (id) WHERE pending IS NOT NULL;
