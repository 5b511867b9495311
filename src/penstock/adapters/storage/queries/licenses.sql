-- fragment: new_license_columns
    id, org_id, project_id, device_id, created_us

-- name: create_license!
-- Add a licence.
INSERT INTO licenses ({{new_license_columns}}) VALUES ({{:new_license_columns}});

-- name: create_license_of_device!
-- Add a licence for a device, unless it has one.
INSERT INTO licenses ({{new_license_columns}}) SELECT {{:new_license_columns}}
WHERE NOT EXISTS (SELECT 1 FROM licenses AS l WHERE l.org_id = :org_id AND l.device_id = :device_id);

-- name: pair_license!
-- Assign the oldest free licence of a project to a device.
UPDATE licenses SET device_id = :device_id
WHERE org_id = :org_id AND id = (
    SELECT l.id FROM licenses AS l INDEXED BY licenses_available
    WHERE l.org_id = :org_id AND l.project_id = :project_id AND l.device_id IS NULL
    ORDER BY l.created_us, l.id LIMIT 1
);

-- fragment: license_columns
    l.id, coalesce(d.project_id, l.project_id) AS project_id, l.device_id, l.created_us

-- name: find_license^
-- One licence by id; an assigned licence belongs to its device's project.
SELECT {{license_columns}}
FROM licenses AS l LEFT JOIN devices AS d ON d.org_id = :org_id AND d.id = l.device_id
WHERE l.org_id = :org_id AND l.id = :id;

-- name: find_license_of_device^
-- The licence of a device.
SELECT l.id, d.project_id, l.device_id, l.created_us
FROM licenses AS l JOIN devices AS d ON d.org_id = :org_id AND d.id = l.device_id
WHERE l.org_id = :org_id AND l.device_id = :device_id;

-- name: list_licenses
-- Licences of a project by id, after a given one.
SELECT {{license_columns}}
FROM licenses AS l LEFT JOIN devices AS d ON d.org_id = :org_id AND d.id = l.device_id
WHERE l.org_id = :org_id AND l.id > :after AND coalesce(d.project_id, l.project_id) = :project_id
ORDER BY l.id LIMIT :limit;

-- name: count_available_licenses^
-- The number of free licences of a project.
SELECT count(*) AS available FROM licenses WHERE org_id = :org_id AND project_id = :project_id AND device_id IS NULL;

-- name: delete_license!
-- Remove a licence.
DELETE FROM licenses WHERE org_id = :org_id AND id = :id;
