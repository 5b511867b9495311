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
-- Customers with a text, by default oldest first.
-- orders: created_at id, name name COLLATE NOCASE
SELECT {{customer_columns}} FROM customers
WHERE org_id = :org_id AND {{place}}
    AND (:pattern IS NULL OR name LIKE :pattern ESCAPE '\' OR admin_email LIKE :pattern ESCAPE '\' OR tenant_name LIKE :pattern ESCAPE '\')
ORDER BY {{order}} LIMIT :limit;

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
-- Residents of a customer with a text, by default oldest first.
-- orders: created_at id, name name COLLATE NOCASE
SELECT {{resident_columns}} FROM residents
WHERE org_id = :org_id AND customer_id = :customer_id AND {{place}}
    AND (:pattern IS NULL OR name LIKE :pattern ESCAPE '\' OR email LIKE :pattern ESCAPE '\')
ORDER BY {{order}} LIMIT :limit;

-- name: rename_resident!
-- Change the name of a resident.
UPDATE residents SET name = :name WHERE org_id = :org_id AND id = :id;

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
    {{d.device_columns}}, {{device_state}}, {{p.placement_columns}}, q.from_us
FROM device_periods AS q CROSS JOIN device_placements AS p ON p.device_id = q.device_id
CROSS JOIN devices AS d ON d.id = q.device_id
WHERE d.org_id = :org_id AND p.org_id = :org_id AND q.org_id = :org_id
    AND q.resident_id = :resident_id AND q.to_us IS NULL AND q.device_id > :after_id
ORDER BY q.device_id LIMIT :limit;

-- name: find_assignment^
-- Since when a device has been assigned to a resident.
SELECT from_us FROM device_periods
WHERE org_id = :org_id AND device_id = :device_id AND resident_id = :resident_id AND to_us IS NULL;

-- name: list_in_maintenance
-- The devices, of these, that are in maintenance.
SELECT device_id FROM device_placements
WHERE org_id = :org_id AND mark = 'maintenance' AND device_id IN (SELECT value FROM json_each(:device_ids));

-- fragment: period_columns
    device_id, customer_id, resident_id, from_us, to_us

-- name: list_periods_of_device
-- Where a device was placed, oldest first.
SELECT {{period_columns}} FROM device_periods WHERE org_id = :org_id AND device_id = :device_id ORDER BY from_us, id;

-- name: delete_periods!
-- Remove the periods of a device.
DELETE FROM device_periods WHERE org_id = :org_id AND device_id = :device_id;

-- name: add_period!
-- Add a period.
INSERT INTO device_periods (org_id, {{period_columns}}) VALUES (:org_id, {{:period_columns}});

-- fragment: placed_spans_columns
    p.device_id, p.customer_id, p.resident_id, p.from_us, p.to_us, coalesce(d.name, f.name, '') AS name, d.id IS NULL AS is_former,
    coalesce((
        SELECT min(i.value) FROM device_identifiers AS i
        WHERE i.org_id = :org_id AND i.device_id = p.device_id AND i.kind = 'eui'
    ), f.eui) AS eui

-- fragment: placed_spans_tables
    device_periods AS p
    LEFT JOIN devices AS d ON d.org_id = :org_id AND d.id = p.device_id
    LEFT JOIN former_meters AS f ON f.org_id = :org_id AND f.device_id = p.device_id

-- name: list_periods_of_customer
-- The periods at a customer's of the devices that were there in a range, by device, after one; deleted devices by their last name.
SELECT {{placed_spans_columns}}
FROM {{placed_spans_tables}}
WHERE p.org_id = :org_id AND p.customer_id = :customer_id AND p.device_id IN (
    SELECT DISTINCT q.device_id FROM device_periods AS q
    WHERE q.org_id = :org_id AND q.customer_id = :customer_id AND q.device_id > :after_id
        AND q.from_us < :to_us AND coalesce(q.to_us, :to_us) > :from_us
    ORDER BY q.device_id LIMIT :limit
)
ORDER BY p.device_id, p.from_us;

-- name: list_periods_of_resident
-- The same for the devices that were assigned to a resident.
SELECT {{placed_spans_columns}}
FROM {{placed_spans_tables}}
WHERE p.org_id = :org_id AND p.resident_id = :resident_id AND p.device_id IN (
    SELECT DISTINCT q.device_id FROM device_periods AS q
    WHERE q.org_id = :org_id AND q.resident_id = :resident_id AND q.device_id > :after_id
        AND q.from_us < :to_us AND coalesce(q.to_us, :to_us) > :from_us
    ORDER BY q.device_id LIMIT :limit
)
ORDER BY p.device_id, p.from_us;

-- name: end_periods_of_customer!
-- End the periods of a customer.
UPDATE device_periods SET to_us = max(from_us, :now_us)
WHERE org_id = :org_id AND customer_id = :customer_id AND to_us IS NULL;

-- name: continue_periods_without_resident!
-- Add the periods of a customer that follow those of a resident.
INSERT INTO device_periods (org_id, device_id, customer_id, resident_id, from_us, to_us)
SELECT :org_id, p.device_id, p.customer_id, NULL, max(p.from_us, :now_us), NULL FROM device_periods AS p
WHERE p.org_id = :org_id AND p.resident_id = :resident_id AND p.to_us IS NULL;

-- name: end_periods_of_resident!
-- End the periods of a resident.
UPDATE device_periods SET to_us = max(from_us, :now_us)
WHERE org_id = :org_id AND resident_id = :resident_id AND to_us IS NULL;
