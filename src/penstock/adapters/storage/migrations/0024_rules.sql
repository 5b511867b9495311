-- Rules, every save of them, and what they did.
CREATE TABLE rules (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    last_number INTEGER NOT NULL,
    version_id INTEGER,
    from_seq INTEGER NOT NULL,
    next_us INTEGER,
    failures INTEGER NOT NULL,
    hook_id INTEGER UNIQUE,
    hook_digest BLOB,
    trashed_us INTEGER,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);
CREATE UNIQUE INDEX rules_by_name ON rules (org_id, name) WHERE trashed_us IS NULL;
CREATE INDEX rules_by_org ON rules (org_id, id);
CREATE INDEX rules_running ON rules (id) WHERE state = 'running';
CREATE INDEX rules_trashed ON rules (trashed_us) WHERE trashed_us IS NOT NULL;

-- Written once and never changed.
CREATE TABLE rule_versions (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    rule_id INTEGER NOT NULL REFERENCES rules (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    author TEXT NOT NULL,
    author_name TEXT NOT NULL,
    note TEXT NOT NULL,
    restored_number INTEGER,
    definition TEXT NOT NULL,
    created_us INTEGER NOT NULL
);
CREATE UNIQUE INDEX rule_versions_by_rule ON rule_versions (rule_id, number);

-- A rule acts once for a cause, however often the cause is looked at.
CREATE TABLE rule_runs (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    rule_id INTEGER NOT NULL REFERENCES rules (id) ON DELETE CASCADE,
    version_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    cause TEXT NOT NULL,
    device_id INTEGER,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    inputs TEXT NOT NULL,
    results TEXT NOT NULL,
    step INTEGER NOT NULL,
    chain TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    finished_us INTEGER
);
CREATE UNIQUE INDEX rule_runs_by_cause ON rule_runs (rule_id, cause);
CREATE INDEX rule_runs_by_org ON rule_runs (org_id, id);
CREATE INDEX rule_runs_by_rule ON rule_runs (rule_id, id);
CREATE INDEX rule_runs_pending ON rule_runs (id) WHERE finished_us IS NULL;
CREATE INDEX rule_runs_by_end ON rule_runs (finished_us) WHERE finished_us IS NOT NULL;
