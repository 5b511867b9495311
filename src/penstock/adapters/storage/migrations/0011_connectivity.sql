-- Whether a device is online as it was last noted, and each change of it.
ALTER TABLE devices ADD COLUMN expected_interval_us INTEGER;
ALTER TABLE devices ADD COLUMN connectivity TEXT;
ALTER TABLE devices ADD COLUMN connectivity_us INTEGER;
ALTER TABLE devices ADD COLUMN connected INTEGER NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN heard_us INTEGER;
CREATE INDEX devices_online_by_themselves ON devices (id) WHERE connectivity = 'online' AND connected = 0;
CREATE INDEX devices_connected ON devices (id) WHERE connected = 1;

-- The connectivity of devices from before it was recorded. No one is notified of it.
UPDATE devices SET
    connectivity = iif(last_seen_us >= (CAST(strftime('%s', 'now') AS INTEGER) - 300) * 1000000, 'online', 'offline'),
    connectivity_us = last_seen_us
WHERE last_seen_us IS NOT NULL;

CREATE TABLE device_connectivity (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    at_us INTEGER NOT NULL
);
CREATE INDEX device_connectivity_by_device ON device_connectivity (device_id, id);
CREATE INDEX device_connectivity_by_age ON device_connectivity (at_us);
