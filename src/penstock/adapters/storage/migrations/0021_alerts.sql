-- What is watched on devices, what was raised, what the engine remembers and has to learn, and actions that wait.
CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    severity TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    definition TEXT NOT NULL,
    armed_us INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    last_raised_us INTEGER,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);
CREATE INDEX alerts_by_org ON alerts (org_id, id);

CREATE TABLE alert_states (
    org_id INTEGER NOT NULL,
    alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (alert_id, device_id)
) WITHOUT ROWID;
CREATE INDEX alert_states_by_device ON alert_states (device_id);

CREATE TABLE alert_events (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    severity TEXT NOT NULL,
    value TEXT,
    seq INTEGER,
    time_us INTEGER NOT NULL,
    raised_us INTEGER NOT NULL,
    suppressed INTEGER NOT NULL,
    escalations TEXT NOT NULL,
    acknowledged_us INTEGER,
    acknowledged_by TEXT,
    note TEXT,
    cleared_us INTEGER,
    cleared_by TEXT,
    clear_reason TEXT,
    clear_value TEXT,
    clear_seq INTEGER
);
CREATE INDEX alert_events_by_org ON alert_events (org_id, id);
CREATE INDEX alert_events_by_alert ON alert_events (alert_id, org_id, id);
CREATE INDEX alert_events_by_device ON alert_events (device_id, org_id, id);
CREATE INDEX alert_events_open ON alert_events (alert_id) WHERE cleared_us IS NULL;
CREATE INDEX alert_events_by_end ON alert_events (cleared_us) WHERE cleared_us IS NOT NULL;

CREATE TABLE alert_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    org_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    alert_id INTEGER NOT NULL,
    device_id INTEGER NOT NULL
);

CREATE TABLE alert_jobs (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    job BLOB NOT NULL,
    due_us INTEGER NOT NULL,
    attempts INTEGER NOT NULL
);
CREATE INDEX alert_jobs_by_due ON alert_jobs (due_us);

CREATE TABLE device_maintenance (
    device_id INTEGER PRIMARY KEY REFERENCES devices (id) ON DELETE CASCADE,
    org_id INTEGER NOT NULL,
    until_us INTEGER,
    reason TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_us INTEGER NOT NULL
);
