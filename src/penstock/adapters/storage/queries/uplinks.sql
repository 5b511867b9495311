-- name: keep_unregistered_device!
-- Record that an unregistered device reported.
INSERT INTO unregistered_devices (org_id, eui, customer_id, device_name, tenant_name, network, first_seen_us, last_seen_us)
VALUES (:org_id, :eui, :customer_id, :device_name, :tenant_name, :network, :first_seen_us, :last_seen_us)
ON CONFLICT (org_id, eui) DO UPDATE SET
    customer_id = coalesce(excluded.customer_id, unregistered_devices.customer_id),
    device_name = coalesce(excluded.device_name, unregistered_devices.device_name),
    tenant_name = coalesce(excluded.tenant_name, unregistered_devices.tenant_name),
    network = excluded.network, last_seen_us = excluded.last_seen_us;

-- fragment: unregistered_device_columns
    u.eui, u.customer_id, u.device_name, u.tenant_name, u.network, u.first_seen_us, u.last_seen_us,
    (SELECT count(*) FROM unregistered_readings AS r WHERE r.org_id = :org_id AND r.eui = u.eui) AS readings

-- name: find_unregistered_device^
-- One unregistered device.
SELECT {{unregistered_device_columns}} FROM unregistered_devices AS u WHERE u.org_id = :org_id AND u.eui = :eui;

-- name: list_unregistered_devices
-- Unregistered devices by EUI, after one. Those whose readings are being moved to a device are not included.
SELECT {{unregistered_device_columns}} FROM unregistered_devices AS u
WHERE u.org_id = :org_id AND u.eui > :after_eui AND (:customer_id IS NULL OR u.customer_id = :customer_id)
    AND NOT EXISTS (SELECT 1 FROM device_identifiers AS i
                    WHERE i.org_id = :org_id AND i.kind = 'eui' AND i.value = u.eui)
ORDER BY u.eui LIMIT :limit;

-- name: route_unregistered_devices!
-- Route the unregistered devices that named a tenant to its customer.
UPDATE unregistered_devices SET customer_id = :customer_id
WHERE org_id = :org_id AND tenant_name = :tenant_name AND customer_id IS NULL;

-- name: count_unregistered_devices^
-- The number of unregistered devices.
SELECT count(*) AS total FROM unregistered_devices WHERE org_id = :org_id;

-- name: delete_unregistered_device!
-- Remove an unregistered device; its readings are removed by the foreign key.
DELETE FROM unregistered_devices WHERE org_id = :org_id AND eui = :eui;

-- name: keep_unregistered_reading!
-- Add a reading, unless it was delivered before.
INSERT INTO unregistered_readings (org_id, eui, time_us, received_us, payload, dedupe_key)
VALUES (:org_id, :eui, :time_us, :received_us, :payload, :dedupe_key)
ON CONFLICT (org_id, eui, dedupe_key) DO NOTHING;

-- name: trim_unregistered_readings!
-- Remove the oldest readings of an unregistered device above a number.
DELETE FROM unregistered_readings WHERE org_id = :org_id AND eui = :eui AND id <= (
    SELECT r.id FROM unregistered_readings AS r WHERE r.org_id = :org_id AND r.eui = :eui
    ORDER BY r.id DESC LIMIT 1 OFFSET :keep
);

-- name: list_unregistered_readings
-- The readings of an unregistered device, oldest first.
SELECT id, time_us, received_us, payload, dedupe_key FROM unregistered_readings
WHERE org_id = :org_id AND eui = :eui ORDER BY id LIMIT :limit;

-- name: delete_unregistered_readings!
-- Remove the readings of an unregistered device up to one.
DELETE FROM unregistered_readings WHERE org_id = :org_id AND eui = :eui AND id <= :up_to_id;
