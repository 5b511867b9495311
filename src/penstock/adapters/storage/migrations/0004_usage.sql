-- Usage by device and by key, what limits refused, and what is used of daily limits.
CREATE TABLE usage_devices (
    org_id INTEGER NOT NULL,
    hour_us INTEGER NOT NULL,
    device_id INTEGER NOT NULL,
    project_id INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    data_points INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (org_id, hour_us, device_id)
) WITHOUT ROWID;

CREATE TABLE usage_calls (
    org_id INTEGER NOT NULL,
    hour_us INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (org_id, hour_us, key_id)
) WITHOUT ROWID;

CREATE TABLE refusals (
    org_id INTEGER NOT NULL,
    hour_us INTEGER NOT NULL,
    limit_name TEXT NOT NULL,
    scope TEXT NOT NULL,
    subject TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (org_id, hour_us, limit_name, subject)
) WITHOUT ROWID;

CREATE TABLE limit_days (
    org_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    day INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (org_id, name)
) WITHOUT ROWID;
