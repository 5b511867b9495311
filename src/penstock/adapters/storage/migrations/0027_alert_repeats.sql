-- Each time that the condition of a raised alert held still when its cooldown was over.
CREATE TABLE alert_repeats (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    event_id INTEGER NOT NULL REFERENCES alert_events (id) ON DELETE CASCADE,
    severity TEXT NOT NULL,
    value TEXT,
    fired_us INTEGER NOT NULL
);
CREATE INDEX alert_repeats_by_alert ON alert_repeats (alert_id, org_id, id);
CREATE INDEX alert_repeats_by_device ON alert_repeats (device_id);
CREATE INDEX alert_repeats_by_event ON alert_repeats (event_id);
CREATE INDEX alert_repeats_by_time ON alert_repeats (fired_us);
