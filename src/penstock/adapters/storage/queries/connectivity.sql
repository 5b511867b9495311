-- fragment: connectivity_columns
    id, device_id, state, reason, at_us

-- name: list_connectivity
-- Changes of a device's connectivity, newest first, older than a given one.
SELECT {{connectivity_columns}} FROM device_connectivity
WHERE org_id = :org_id AND device_id = :device_id AND id < :before_id
    AND (:from_us IS NULL OR at_us >= :from_us) AND (:to_us IS NULL OR at_us < :to_us)
ORDER BY id DESC LIMIT :limit;

-- name: connectivity_between
-- Changes of all devices' connectivity in a range of time, oldest first, newer than a given one.
SELECT {{connectivity_columns}} FROM device_connectivity
WHERE org_id = :org_id AND id > :after_id AND at_us >= :from_us AND at_us < :to_us ORDER BY id LIMIT :limit;

-- name: find_connectivity_changes
-- The devices, of these, whose state would change at the reported times: {"<id>": <at_us>}. CROSS JOIN keeps this order of loops:
-- the reverse reads all moments for every device of the organisation. A state that a clock which was ahead has left can change.
SELECT d.id FROM json_each(:moments) AS moment CROSS JOIN devices AS d ON d.id = CAST(moment.key AS INTEGER)
WHERE d.org_id = :org_id AND d.connectivity IS NOT :state
    AND coalesce(d.connectivity_us, -1) NOT BETWEEN moment.value AND moment.value + :ahead_us;

-- name: set_connectivity!
-- Set the state of a device.
UPDATE devices SET connectivity = :state, connectivity_us = :at_us WHERE org_id = :org_id AND id = :device_id;

-- name: add_connectivity!
-- Add a row to a device's history.
INSERT INTO device_connectivity (id, org_id, device_id, state, reason, at_us)
VALUES (:id, :org_id, :device_id, :state, :reason, :at_us);

-- name: set_connected!
-- Set whether a device has an open connection, and when it was last seen on it.
UPDATE devices SET connected = :connected, heard_us = :at_us WHERE org_id = :org_id AND id = :device_id;

-- name: disconnect_all_of_all!
-- Record that no device has an open connection.
-- org-scope: a server that starts has no connections of any organisation
UPDATE devices SET connected = 0 WHERE connected = 1;

-- name: silent_devices_of_all
-- Devices that are online without a connection and have been silent for too long, counted from a time at the earliest. A time that
-- a clock which was ahead has left does not count.
-- org-scope: the worker that marks them offline serves every organisation
SELECT org_id, id, coalesce(expected_interval_us * 3 / 2, :offline_after_us) AS patience_us FROM devices
WHERE connectivity = 'online' AND connected = 0
    AND max(
        iif(last_seen_us <= :now_us + :ahead_us, last_seen_us, 0), iif(heard_us <= :now_us + :ahead_us, heard_us, 0), :since_us
    )
        + coalesce(expected_interval_us * 3 / 2, :offline_after_us) < :now_us
LIMIT :limit;

-- name: drop_connectivity_of_all!
-- Remove history from before a time, oldest first.
-- org-scope: the worker that removes it serves every organisation
DELETE FROM device_connectivity WHERE id IN (
    SELECT id FROM device_connectivity WHERE at_us < :before_us ORDER BY at_us LIMIT :limit
);
