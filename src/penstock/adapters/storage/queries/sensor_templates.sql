-- fragment: sensor_template_columns
    id, name, key, unit, value_type, decimals, description, created_us, updated_us

-- name: create_sensor_template!
-- Add a sensor template.
INSERT INTO sensor_templates (org_id, {{sensor_template_columns}})
VALUES (:org_id, {{:sensor_template_columns}});

-- name: find_sensor_template^
-- One sensor template by id.
SELECT {{sensor_template_columns}} FROM sensor_templates WHERE org_id = :org_id AND id = :id;

-- name: list_sensor_templates
-- Sensor templates with a text, by default newest first.
-- orders: -created_at id, name name COLLATE NOCASE
SELECT {{sensor_template_columns}} FROM sensor_templates
WHERE org_id = :org_id AND {{place}} AND (:pattern IS NULL OR name LIKE :pattern ESCAPE '\' OR key LIKE :pattern ESCAPE '\')
ORDER BY {{order}} LIMIT :limit;

-- name: count_sensor_templates^
-- The number of sensor templates.
SELECT count(*) AS present FROM sensor_templates WHERE org_id = :org_id;

-- name: update_sensor_template!
-- Update a sensor template's changeable columns.
UPDATE sensor_templates SET name = :name, key = :key, unit = :unit, value_type = :value_type, decimals = :decimals,
    description = :description, updated_us = :updated_us
WHERE org_id = :org_id AND id = :id;

-- name: delete_sensor_template!
-- Remove a sensor template.
DELETE FROM sensor_templates WHERE org_id = :org_id AND id = :id;
