-- name: create_customer!
-- Add a customer.
INSERT INTO customers (id, org_id, name, admin_email, tenant_name, timezone, created_us, updated_us)
VALUES (:id, :org_id, :name, :admin_email, :tenant_name, :timezone, :created_us, :updated_us);

-- fragment: customer_columns
    id, name, admin_email, tenant_name, timezone, created_us, updated_us

-- name: find_customer^
-- One customer by id.
SELECT {{customer_columns}} FROM customers WHERE org_id = :org_id AND id = :id;

-- name: find_customer_by_tenant^
-- The customer with a tenant name.
SELECT {{customer_columns}} FROM customers
WHERE org_id = :org_id AND tenant_name = :tenant_name;

-- name: list_customers
-- Customers by id, after one.
SELECT {{customer_columns}} FROM customers
WHERE org_id = :org_id AND id > :after_id ORDER BY id LIMIT :limit;

-- name: update_customer!
-- Update a customer's changeable columns.
UPDATE customers SET name = :name, admin_email = :admin_email, timezone = :timezone, updated_us = :updated_us
WHERE org_id = :org_id AND id = :id;

-- name: delete_customer!
-- Remove a customer and its residents; its devices lose their placement.
DELETE FROM customers WHERE org_id = :org_id AND id = :id;

-- name: create_resident!
-- Add a resident.
INSERT INTO residents (id, org_id, customer_id, name, email, created_us)
VALUES (:id, :org_id, :customer_id, :name, :email, :created_us);

-- fragment: resident_columns
    id, customer_id, name, email, created_us

-- name: find_resident^
-- One resident by id.
SELECT {{resident_columns}} FROM residents WHERE org_id = :org_id AND id = :id;

-- name: list_residents
-- Residents of a customer by id, after one.
SELECT {{resident_columns}} FROM residents
WHERE org_id = :org_id AND customer_id = :customer_id AND id > :after_id ORDER BY id LIMIT :limit;

-- name: delete_resident!
-- Remove a resident.
DELETE FROM residents WHERE org_id = :org_id AND id = :id;

-- fragment: placement_columns
    customer_id, resident_id, mark, marked_us

-- name: find_placement^
-- The placement of a device.
SELECT {{placement_columns}} FROM device_placements WHERE org_id = :org_id AND device_id = :device_id;

-- name: set_placement!
-- Replace the placement of a device.
INSERT INTO device_placements (device_id, org_id, {{placement_columns}})
VALUES (:device_id, :org_id, {{:placement_columns}})
ON CONFLICT (device_id) DO UPDATE SET
    customer_id = excluded.customer_id, resident_id = excluded.resident_id,
    mark = excluded.mark, marked_us = excluded.marked_us
WHERE device_placements.org_id = :org_id;

-- name: page_placed_devices
-- Devices with an EUI, newest first, by standing. PlacedDevice.standing applies the same rule.
SELECT
    {{d.device_columns}}, {{device_state}}, {{p.placement_columns}}
FROM devices AS d LEFT JOIN device_placements AS p ON p.org_id = :org_id AND p.device_id = d.id
WHERE d.org_id = :org_id
    AND EXISTS (SELECT 1 FROM device_identifiers AS e WHERE e.org_id = :org_id AND e.device_id = d.id AND e.kind = 'eui')
    AND (:standing IS NULL OR :standing = CASE
        WHEN p.mark = 'maintenance' THEN 'maintenance'
        WHEN p.mark = 'offline' AND coalesce(d.last_seen_us, 0) <= p.marked_us THEN 'offline'
        WHEN d.last_seen_us < :now_us - coalesce(d.expected_interval_us * 3 / 2, :offline_after_us) THEN 'offline'
        ELSE 'online' END)
ORDER BY d.id DESC LIMIT :limit OFFSET :offset;

-- name: list_devices_of_resident
-- The devices of a resident by id, after one.
SELECT
    {{d.device_columns}}, {{device_state}}, {{p.placement_columns}}
FROM device_placements AS p CROSS JOIN devices AS d ON d.id = p.device_id
WHERE d.org_id = :org_id AND p.org_id = :org_id AND p.resident_id = :resident_id AND p.device_id > :after_id
ORDER BY p.device_id LIMIT :limit;

-- name: list_in_maintenance
-- The devices, of these, that are in maintenance.
SELECT device_id FROM device_placements
WHERE org_id = :org_id AND mark = 'maintenance' AND device_id IN (SELECT value FROM json_each(:device_ids));
