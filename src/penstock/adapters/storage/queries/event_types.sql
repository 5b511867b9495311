-- fragment: event_type_columns
    id, org_id, project_id, name, description, fields, created_us, updated_us

-- name: create_event_type!
-- Add an event type.
INSERT INTO event_types ({{event_type_columns}})
VALUES ({{:event_type_columns}});

-- name: find_event_type^
-- One event type by id.
SELECT {{event_type_columns}} FROM event_types WHERE org_id = :org_id AND id = :id;

-- name: list_event_types
-- Event types with a text, of one project or of all, by default newest first.
-- orders: -created_at id, name name COLLATE NOCASE
SELECT {{event_type_columns}} FROM event_types
WHERE org_id = :org_id AND {{place}} AND (:project_id IS NULL OR project_id = :project_id)
    AND (:pattern IS NULL OR name LIKE :pattern ESCAPE '\' OR description LIKE :pattern ESCAPE '\')
ORDER BY {{order}} LIMIT :limit;

-- name: count_event_types^
-- The number of event types of a project.
SELECT count(*) AS present FROM event_types WHERE org_id = :org_id AND project_id = :project_id;

-- name: update_event_type!
-- Update an event type's changeable columns.
UPDATE event_types SET name = :name, description = :description, fields = :fields, updated_us = :updated_us
WHERE org_id = :org_id AND id = :id;

-- name: delete_event_type!
-- Remove an event type.
DELETE FROM event_types WHERE org_id = :org_id AND id = :id;
