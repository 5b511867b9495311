-- fragment: device_columns
    project_id, name, type, description, status, settings, labels, location, updated_us, expected_interval_us, profile_id,
    firmware_version

-- fragment: device_state
    d.id, d.org_id, d.token_prefix, d.last_seen_us, d.created_us, d.malformed_messages, d.malformed_us, d.malformed_reason,
    d.cut_connections, d.cut_us, d.cut_reason,
    d.connectivity AS noted, d.connectivity_us AS noted_us,
    coalesce((SELECT p.agent_version FROM agent_pairings AS p
              WHERE p.org_id = :org_id AND p.device_id = d.id), '') AS agent_version,
    coalesce((SELECT p.macaddress FROM agent_pairings AS p
              WHERE p.org_id = :org_id AND p.device_id = d.id), '') AS macaddress,
    (SELECT json_group_array(json_array(i.kind, i.value)) FROM device_identifiers AS i
     WHERE i.org_id = :org_id AND i.device_id = d.id) AS identifiers

-- name: create_device!
-- Add a device.
INSERT INTO devices (id, org_id, token_digest, token_prefix, created_us, {{device_columns}})
VALUES (:id, :org_id, :token_digest, :token_prefix, :created_us, {{:device_columns}});

-- name: find_device^
-- One device by id, its identifiers as a JSON array of [kind, value].
SELECT {{d.device_columns}}, {{device_state}} FROM devices AS d WHERE d.org_id = :org_id AND d.id = :id;

-- name: find_device_ref^
-- The columns of a device for the hot paths.
SELECT id, org_id, project_id, status, profile_id FROM devices WHERE org_id = :org_id AND id = :id;

-- name: find_device_ids_by_value
-- Devices with an identifier of this value, of any kind.
SELECT device_id FROM device_identifiers INDEXED BY device_identifiers_by_value
WHERE org_id = :org_id AND value = :value LIMIT 2;

-- name: find_device_id_by_identifier^
-- The device with this identifier.
SELECT device_id FROM device_identifiers WHERE org_id = :org_id AND kind = :kind AND value = :value;

-- fragment: device_filter
    (:status IS NULL OR d.status = :status)
    AND (:type IS NULL OR d.type = :type)
    AND (:project_id IS NULL OR d.project_id = :project_id)
    AND (:profile_id IS NULL OR d.profile_id = :profile_id)
    AND (:connectivity IS NULL OR coalesce(d.connectivity, 'never') = :connectivity)
    AND (:customer_id IS NULL OR d.id IN (
        SELECT p.device_id FROM device_placements AS p WHERE p.org_id = :org_id AND p.customer_id = :customer_id))
    AND (:resident_id IS NULL OR d.id IN (
        SELECT p.device_id FROM device_placements AS p WHERE p.org_id = :org_id AND p.resident_id = :resident_id))
    AND (:pattern IS NULL OR d.name LIKE :pattern ESCAPE '\' OR d.description LIKE :pattern ESCAPE '\'
        OR EXISTS (SELECT 1 FROM device_identifiers AS i
                   WHERE i.org_id = :org_id AND i.device_id = d.id AND i.value LIKE :pattern ESCAPE '\'))
    AND (:identifier_kind IS NULL OR EXISTS (
        SELECT 1 FROM device_identifiers AS i
        WHERE i.org_id = :org_id AND i.kind = :identifier_kind AND i.value = :identifier_value AND i.device_id = d.id))
    AND (:labels IS NULL OR d.id IN (
        SELECT l.device_id FROM json_each(:labels) AS w CROSS JOIN device_labels AS l
        WHERE l.org_id = :org_id AND l.key = w.key AND l.value = w.value
        GROUP BY l.device_id HAVING count(*) = :label_count))
    AND (:connection_id IS NULL OR d.id IN (
        SELECT r.device_id FROM device_routes AS r WHERE r.org_id = :org_id AND r.connection_id = :connection_id))
    AND (:has_alert IS NULL OR :has_alert = (d.id IN (
        SELECT e.device_id FROM alert_events AS e WHERE e.org_id = :org_id AND e.cleared_us IS NULL)))

-- name: list_devices
-- Devices newest first by filter, older than a given one.
SELECT {{d.device_columns}}, {{device_state}} FROM devices AS d
WHERE d.org_id = :org_id AND d.id < :after_id AND {{device_filter}}
ORDER BY d.id DESC LIMIT :limit OFFSET :offset;

-- name: count_all_devices^
-- The number of devices, whatever they are: for the limit of a plan.
SELECT count(*) AS total FROM devices WHERE org_id = :org_id;

-- name: list_oldest_devices
-- Devices oldest first by filter, newer than a given one.
SELECT {{d.device_columns}}, {{device_state}} FROM devices AS d
WHERE d.org_id = :org_id AND d.id > :after_id AND {{device_filter}}
ORDER BY d.id LIMIT :limit;

-- name: list_devices_by_name
-- Devices from A to Z by filter, after a given one.
SELECT {{d.device_columns}}, {{device_state}} FROM devices AS d
WHERE d.org_id = :org_id AND (d.name COLLATE NOCASE, d.id) > (:after, :after_id) AND {{device_filter}}
ORDER BY d.name COLLATE NOCASE, d.id LIMIT :limit;

-- name: list_devices_by_name_reversed
-- Devices from Z to A by filter, before a given one.
SELECT {{d.device_columns}}, {{device_state}} FROM devices AS d
WHERE d.org_id = :org_id AND (d.name COLLATE NOCASE, d.id) < (:after, :after_id) AND {{device_filter}}
ORDER BY d.name COLLATE NOCASE DESC, d.id DESC LIMIT :limit;

-- name: list_longest_unseen_devices
-- Devices by filter, those never seen first and the last seen last, after a given one.
-- Only ids are sorted: the other columns are read of a page, not of all devices.
SELECT {{d.device_columns}}, {{device_state}} FROM devices AS d
WHERE d.org_id = :org_id AND d.id IN (
    SELECT d.id FROM devices AS d
    WHERE d.org_id = :org_id AND (coalesce(d.last_seen_us, 0), d.id) > (:after, :after_id) AND {{device_filter}}
    ORDER BY coalesce(d.last_seen_us, 0), d.id LIMIT :limit)
ORDER BY coalesce(d.last_seen_us, 0), d.id;

-- name: list_last_seen_devices
-- Devices by filter, the last seen first and those never seen last, after a given one; in two steps like the others.
SELECT {{d.device_columns}}, {{device_state}} FROM devices AS d
WHERE d.org_id = :org_id AND d.id IN (
    SELECT d.id FROM devices AS d
    WHERE d.org_id = :org_id AND (coalesce(d.last_seen_us, 0), d.id) < (:after, :after_id) AND {{device_filter}}
    ORDER BY coalesce(d.last_seen_us, 0) DESC, d.id DESC LIMIT :limit)
ORDER BY coalesce(d.last_seen_us, 0) DESC, d.id DESC;

-- name: count_devices^
-- The number of devices by status, type, project, profile and connectivity.
SELECT count(*) AS total FROM devices
WHERE org_id = :org_id AND (:status IS NULL OR status = :status) AND (:type IS NULL OR type = :type)
    AND (:project_id IS NULL OR project_id = :project_id)
    AND (:profile_id IS NULL OR profile_id = :profile_id)
    AND (:connectivity IS NULL OR coalesce(connectivity, 'never') = :connectivity);

-- name: update_device!
-- Update a device's changeable columns.
UPDATE devices SET {{=device_columns}} WHERE org_id = :org_id AND id = :id;

-- name: pause_devices_beyond
-- Pause all active devices except the most recently seen ones; of devices never seen, the newest are kept.
UPDATE devices SET status = 'paused', updated_us = :now_us
WHERE org_id = :org_id AND status = 'active' AND id NOT IN (
    SELECT d.id FROM devices AS d WHERE d.org_id = :org_id AND d.status = 'active'
    ORDER BY coalesce(d.last_seen_us, 0) DESC, d.id DESC LIMIT :keep
)
RETURNING id, name;

-- name: replace_device_token!
-- Replace the access token.
UPDATE devices SET token_digest = :token_digest, token_prefix = :token_prefix, updated_us = :updated_us
WHERE org_id = :org_id AND id = :id;

-- name: keep_former_meter!
-- Keep what answers about the past need of a device that is being deleted, if it ever had a placement.
INSERT INTO former_meters (device_id, org_id, name, eui, role, registers, deleted_us)
SELECT d.id, :org_id, d.name, (
        SELECT min(i.value) FROM device_identifiers AS i WHERE i.org_id = :org_id AND i.device_id = d.id AND i.kind = 'eui'
    ), coalesce(m.role, 'leaf'), coalesce(m.registers, nullif(p.registers, '[]')), :now_us
FROM devices AS d
LEFT JOIN meters AS m ON m.org_id = :org_id AND m.device_id = d.id
LEFT JOIN profiles AS p ON p.org_id = :org_id AND p.id = d.profile_id
WHERE d.org_id = :org_id AND d.id = :id
    AND EXISTS (SELECT 1 FROM device_periods AS r WHERE r.org_id = :org_id AND r.device_id = d.id);

-- name: keep_former_eui!
-- Keep the EUI of a device that is being deleted: its readings can be counted later.
INSERT OR IGNORE INTO former_euis (device_id, org_id, eui)
SELECT i.device_id, :org_id, min(i.value) FROM device_identifiers AS i
WHERE i.org_id = :org_id AND i.device_id = :id AND i.kind = 'eui' GROUP BY i.device_id;

-- name: name_device_months!
-- Record the EUI of a device that is being deleted in this month, in which it may have reported before it had one.
UPDATE device_months SET eui = (SELECT f.eui FROM former_euis AS f WHERE f.org_id = :org_id AND f.device_id = :id)
WHERE org_id = :org_id AND month_us = unixepoch(:now_us / 1000000, 'unixepoch', 'start of month') * 1000000
    AND device_id = :id AND eui IS NULL;

-- name: end_device_periods!
-- End the placement of a device that is being deleted.
UPDATE device_periods SET to_us = max(from_us, :now_us) WHERE org_id = :org_id AND device_id = :id AND to_us IS NULL;

-- name: delete_device!
-- Remove a device with its identifiers and sensors.
DELETE FROM devices WHERE org_id = :org_id AND id = :id;

-- name: mark_device_seen!
-- Move last_seen forward; back only from a time that a clock which was ahead has left.
UPDATE devices SET last_seen_us = :seen_us
WHERE org_id = :org_id AND id = :id AND coalesce(last_seen_us, 0) NOT BETWEEN :seen_us AND :seen_us + :ahead_us;

-- name: add_malformed!
-- Add to the number of malformed messages of a device.
UPDATE devices SET malformed_messages = malformed_messages + :count, malformed_us = :last_us, malformed_reason = :reason
WHERE org_id = :org_id AND id = :id;

-- name: add_cut!
-- Add to the number of a device's connections that the server closed or rejected.
UPDATE devices SET cut_connections = cut_connections + :count, cut_us = :last_us, cut_reason = :reason
WHERE org_id = :org_id AND id = :id;

-- name: create_identifier!
-- Add an identifier of a device.
INSERT INTO device_identifiers (org_id, kind, value, device_id) VALUES (:org_id, :kind, :value, :device_id);

-- name: delete_identifiers!
-- Remove all identifiers of a device.
DELETE FROM device_identifiers WHERE org_id = :org_id AND device_id = :device_id;

-- name: create_sensor!
-- Add a sensor, unless the device already has one with this key or was deleted.
INSERT INTO sensors (id, org_id, device_id, key, name, unit, value_type, decimals, declared, created_us, updated_us)
SELECT :id, :org_id, d.id, :key, :name, :unit, :value_type, :decimals, :declared, :created_us, :updated_us
FROM devices AS d WHERE d.org_id = :org_id AND d.id = :device_id
ON CONFLICT (device_id, key) DO NOTHING;

-- fragment: sensor_columns
    id, device_id, key, name, unit, value_type, decimals, declared, created_us, updated_us

-- name: find_sensor^
-- One sensor of a device.
SELECT {{sensor_columns}} FROM sensors
WHERE org_id = :org_id AND device_id = :device_id AND key = :key;

-- name: list_sensors
-- Sensors of a device by key.
SELECT {{sensor_columns}} FROM sensors
WHERE org_id = :org_id AND device_id = :device_id AND key > :after_key ORDER BY key LIMIT :limit;

-- name: list_sensor_keys
-- The keys of the sensors of some devices.
SELECT device_id, json_group_array(key) AS keys FROM sensors
WHERE org_id = :org_id AND device_id IN (SELECT value FROM json_each(:device_ids)) GROUP BY device_id;

-- name: update_sensor!
-- Update and thereby declare a sensor.
UPDATE sensors SET name = :name, unit = :unit, value_type = :value_type, decimals = :decimals, declared = 1,
    updated_us = :updated_us
WHERE org_id = :org_id AND device_id = :device_id AND key = :key;

-- name: delete_sensor!
-- Remove a sensor.
DELETE FROM sensors WHERE org_id = :org_id AND device_id = :device_id AND key = :key;
