-- Alerts that notify no one for a while: on one device, or on every device if `device_id` is 0. A worker removes rows that end.
CREATE TABLE alert_snoozes (
    org_id INTEGER NOT NULL,
    alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    device_id INTEGER NOT NULL,
    until_us INTEGER NOT NULL,
    note TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    PRIMARY KEY (alert_id, device_id)
) WITHOUT ROWID;
CREATE INDEX alert_snoozes_by_end ON alert_snoozes (until_us);
-- For lists and counts of open events.
CREATE INDEX alert_events_open_by_org ON alert_events (org_id, id, severity, acknowledged_us) WHERE cleared_us IS NULL;
