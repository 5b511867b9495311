-- fragment: meter_columns
    d.id AS device_id, coalesce(m.role, 'leaf') AS role, m.registers, p.registers AS of_profile

-- fragment: meter_tables
    devices AS d
    LEFT JOIN meters AS m ON m.device_id = d.id AND m.org_id = :org_id
    LEFT JOIN profiles AS p ON p.id = d.profile_id AND p.org_id = :org_id

-- name: find_meter^
-- The meter settings of a device, and the registers of its profile.
SELECT {{meter_columns}} FROM {{meter_tables}} WHERE d.org_id = :org_id AND d.id = :device_id;

-- name: set_meter!
-- Replace the meter settings of a device.
INSERT INTO meters (device_id, org_id, role, registers)
VALUES (:device_id, :org_id, :role, :registers)
ON CONFLICT (device_id) DO UPDATE SET role = excluded.role, registers = excluded.registers
WHERE meters.org_id = :org_id;

-- name: delete_meter!
-- Remove the meter settings of a device.
DELETE FROM meters WHERE org_id = :org_id AND device_id = :device_id;

-- name: list_meters
-- Some devices with their meter settings and the registers of their profiles.
SELECT {{meter_columns}} FROM {{meter_tables}}
WHERE d.org_id = :org_id AND d.id IN (SELECT value FROM json_each(:device_ids));

-- fragment: edit_columns
    id, device_id, register, kind, time_us, counter, reason, author, created_us, withdrawn_us, withdrawn_by, withdrawn_reason

-- name: create_meter_edit!
-- Add an edit of a value.
INSERT INTO meter_edits (id, org_id, device_id, register, kind, time_us, counter, reason, author, created_us)
VALUES (:id, :org_id, :device_id, :register, :kind, :time_us, :counter, :reason, :author, :created_us);

-- name: find_meter_edit^
-- One edit of a device's values.
SELECT {{edit_columns}} FROM meter_edits WHERE org_id = :org_id AND device_id = :device_id AND id = :id;

-- name: find_meter_edit_at^
-- The edit in effect of a value.
SELECT {{edit_columns}} FROM meter_edits
WHERE org_id = :org_id AND device_id = :device_id AND register = :register AND time_us = :time_us AND withdrawn_us IS NULL;

-- name: count_meter_edits^
-- The number of edits in effect of a device.
SELECT count(*) AS total FROM meter_edits WHERE org_id = :org_id AND device_id = :device_id AND withdrawn_us IS NULL;

-- name: withdraw_meter_edit!
-- Withdraw an edit.
UPDATE meter_edits SET withdrawn_us = :withdrawn_us, withdrawn_by = :withdrawn_by, withdrawn_reason = :withdrawn_reason
WHERE org_id = :org_id AND device_id = :device_id AND id = :id AND withdrawn_us IS NULL;

-- name: list_meter_edits
-- The edits of a device, newest first, older than a given one.
SELECT {{edit_columns}} FROM meter_edits
WHERE org_id = :org_id AND device_id = :device_id AND id < :before_id
    AND (:register IS NULL OR register = :register)
    AND time_us >= :from_us AND time_us < :to_us
    AND (:withdrawn IS NULL OR (withdrawn_us IS NOT NULL) = :withdrawn)
ORDER BY id DESC LIMIT :limit;

-- name: list_meter_edits_in_effect
-- The edits of some devices that are not withdrawn.
SELECT {{edit_columns}} FROM meter_edits
WHERE org_id = :org_id AND withdrawn_us IS NULL AND device_id IN (SELECT value FROM json_each(:device_ids));

-- fragment: change_columns
    org_id, device_id, from_us, reason, at_us

-- name: add_consumption_change!
-- Note that a device's past consumption may have changed.
INSERT INTO consumption_changes ({{change_columns}})
VALUES (:org_id, :device_id, :from_us, :reason, :at_us);

-- name: add_consumption_changes_of_profile!
-- Note the same for each device that has its registers from a profile.
INSERT INTO consumption_changes ({{change_columns}})
SELECT d.org_id, d.id, :from_us, :reason, :at_us
FROM devices AS d LEFT JOIN meters AS m ON m.device_id = d.id AND m.org_id = :org_id
WHERE d.org_id = :org_id AND d.profile_id = :profile_id AND m.registers IS NULL;

-- name: list_former_meters
-- Those of these devices that are former meters.
SELECT device_id, name, eui, role, registers, deleted_us, points FROM former_meters
WHERE org_id = :org_id AND device_id IN (SELECT value FROM json_each(:device_ids));

-- name: keep_former_points!
-- Store the values of a former meter's readings, once.
UPDATE former_meters SET points = :points WHERE org_id = :org_id AND device_id = :device_id AND points IS NULL;
