-- name: find_meter^
-- The meter settings of a device.
SELECT field, unit, role, rolls_over_at FROM meters WHERE org_id = :org_id AND device_id = :device_id;

-- name: set_meter!
-- Replace the meter settings of a device.
INSERT INTO meters (device_id, org_id, field, unit, role, rolls_over_at)
VALUES (:device_id, :org_id, :field, :unit, :role, :rolls_over_at)
ON CONFLICT (device_id) DO UPDATE SET
    field = excluded.field, unit = excluded.unit, role = excluded.role, rolls_over_at = excluded.rolls_over_at
WHERE meters.org_id = :org_id;

-- name: delete_meter!
-- Remove the meter settings of a device.
DELETE FROM meters WHERE org_id = :org_id AND device_id = :device_id;

-- name: list_meters_of_customer
-- The devices of a customer by id, after one, with their meter settings.
SELECT p.device_id, d.name, m.field, m.unit, m.role, m.rolls_over_at
FROM device_placements AS p
INNER JOIN devices AS d ON d.id = p.device_id AND d.org_id = :org_id
LEFT JOIN meters AS m ON m.device_id = p.device_id AND m.org_id = :org_id
WHERE p.org_id = :org_id AND p.customer_id = :customer_id AND p.device_id > :after_id
    AND (:role IS NULL OR coalesce(m.role, 'leaf') = :role)
ORDER BY p.device_id LIMIT :limit;

-- name: list_former_meters
-- Those of these devices that are former meters.
SELECT device_id, name, eui, role, registers, deleted_us, points FROM former_meters
WHERE org_id = :org_id AND device_id IN (SELECT value FROM json_each(:device_ids));

-- name: keep_former_points!
-- Store the values of a former meter's readings, once.
UPDATE former_meters SET points = :points WHERE org_id = :org_id AND device_id = :device_id AND points IS NULL;
