-- fragment: import_columns
    id, kind, is_dry_run, state, rows, author, actor, created_us, started_us, finished_us, made, updated, unchanged, failed

-- name: create_import!
-- Add an import.
INSERT INTO imports (org_id, file, {{import_columns}}) VALUES (:org_id, :file, {{:import_columns}});

-- name: find_import^
-- One import.
SELECT {{import_columns}} FROM imports WHERE org_id = :org_id AND id = :id;

-- name: find_import_file^
-- The file of an import.
SELECT file FROM imports WHERE org_id = :org_id AND id = :id;

-- name: list_imports
-- Imports newest first, older than a given one.
SELECT {{import_columns}} FROM imports WHERE org_id = :org_id AND id < :before_id ORDER BY id DESC LIMIT :limit;

-- name: count_active_imports^
-- The number of imports that have not ended.
SELECT count(*) AS total FROM imports WHERE org_id = :org_id AND finished_us IS NULL;

-- name: update_import!
-- Store the state and the counts of an import; one that has ended needs its file no longer.
UPDATE imports SET
    state = :state, started_us = :started_us, finished_us = :finished_us,
    made = :made, updated = :updated, unchanged = :unchanged, failed = :failed,
    file = CASE WHEN :finished_us IS NULL THEN file END
WHERE org_id = :org_id AND id = :id;

-- name: drop_old_imports!
-- Remove all imports that have ended but the newest.
DELETE FROM imports
WHERE org_id = :org_id AND finished_us IS NOT NULL AND id <= (
    SELECT id FROM imports WHERE org_id = :org_id ORDER BY id DESC LIMIT 1 OFFSET :keep
);

-- name: add_import_fault!
-- Add a fault of a row.
INSERT INTO import_faults (org_id, import_id, row_number, column_name, detail)
VALUES (:org_id, :import_id, :row_number, :column_name, :detail);

-- name: list_import_faults
-- The faults of an import in order, after one.
SELECT id, row_number, column_name, detail FROM import_faults
WHERE org_id = :org_id AND import_id = :import_id AND id > :after ORDER BY id LIMIT :limit;

-- name: list_devices_by_ids
-- Some devices.
SELECT {{d.device_columns}}, {{device_state}} FROM devices AS d
WHERE d.org_id = :org_id AND d.id IN (SELECT value FROM json_each(:ids));

-- name: list_customers_by_names
-- The customers with some tenant names, names or ids.
SELECT {{customer_columns}} FROM customers WHERE org_id = :org_id AND (
    tenant_name IN (SELECT value FROM json_each(:names))
    OR name IN (SELECT value FROM json_each(:names))
    OR id IN (SELECT value FROM json_each(:ids))
)
ORDER BY id;

-- name: list_residents_by_emails
-- The residents with some e-mail addresses or ids.
SELECT {{r.resident_columns}} FROM json_each(:emails) AS e CROSS JOIN residents AS r
WHERE r.org_id = :org_id AND r.email = e.value COLLATE NOCASE
UNION ALL
SELECT {{r.resident_columns}} FROM json_each(:ids) AS i CROSS JOIN residents AS r
WHERE r.org_id = :org_id AND r.id = i.value;

-- name: list_profiles_by_names
-- Ids and names of the profiles with some names or ids.
SELECT id, name FROM profiles WHERE org_id = :org_id AND (
    name IN (SELECT value FROM json_each(:names)) OR id IN (SELECT value FROM json_each(:ids))
)
ORDER BY id;

-- name: list_periods_of_devices
-- Where some devices were placed, each oldest first.
SELECT {{period_columns}} FROM device_periods
WHERE org_id = :org_id AND device_id IN (SELECT value FROM json_each(:ids)) ORDER BY device_id, from_us, id;

-- name: imports_of_all_due
-- Of each organisation, the oldest import that has not ended.
-- org-scope: the worker that runs them serves every organisation
SELECT org_id, min(id) AS id FROM imports INDEXED BY imports_active WHERE finished_us IS NULL GROUP BY org_id;
