-- Alarms of meters, their settings, and how far the readings of each meter were evaluated. An alarm outlives its device.
CREATE TABLE meter_alarms (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    device_id INTEGER NOT NULL,
    device_name TEXT NOT NULL,
    customer_id INTEGER,
    resident_id INTEGER,
    kind TEXT NOT NULL,
    register TEXT NOT NULL,
    since_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    until_us INTEGER,
    opened_us INTEGER NOT NULL,
    closed_us INTEGER,
    end_reason TEXT,
    value TEXT,
    threshold REAL,
    unit TEXT NOT NULL,
    field TEXT,
    acknowledged_us INTEGER,
    acknowledged_by TEXT,
    note TEXT
);
CREATE UNIQUE INDEX meter_alarms_open ON meter_alarms (device_id, kind, register) WHERE until_us IS NULL;
CREATE INDEX meter_alarms_by_org ON meter_alarms (org_id, id);
CREATE INDEX meter_alarms_by_device ON meter_alarms (device_id, org_id, id);
CREATE INDEX meter_alarms_by_customer ON meter_alarms (customer_id, org_id, id);
CREATE INDEX meter_alarms_by_resident ON meter_alarms (resident_id, org_id, id);
CREATE INDEX meter_alarms_by_last ON meter_alarms (last_us) WHERE until_us IS NULL;
CREATE INDEX meter_alarms_by_end ON meter_alarms (closed_us) WHERE closed_us IS NOT NULL;

CREATE TABLE device_alarm_settings (
    device_id INTEGER PRIMARY KEY REFERENCES devices (id) ON DELETE CASCADE,
    org_id INTEGER NOT NULL,
    settings TEXT NOT NULL
);

CREATE TABLE profile_alarm_settings (
    profile_id INTEGER PRIMARY KEY REFERENCES profiles (id) ON DELETE CASCADE,
    org_id INTEGER NOT NULL,
    settings TEXT NOT NULL
);

CREATE TABLE meter_alarm_progress (
    device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    register TEXT NOT NULL,
    org_id INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    moved_us INTEGER,
    PRIMARY KEY (device_id, kind, register)
) WITHOUT ROWID;
