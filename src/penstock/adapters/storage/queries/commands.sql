-- fragment: definition_columns
    id, org_id, device_id, device_type, project_id, name, description, parameters, transport, verification, timeout_us,
    repeatable, created_us, updated_us

-- name: create_definition!
-- Add a definition of a command.
INSERT INTO command_definitions ({{definition_columns}}) VALUES ({{:definition_columns}});

-- name: find_definition^
-- One definition by id.
SELECT {{definition_columns}} FROM command_definitions WHERE org_id = :org_id AND id = :id;

-- name: list_definitions
-- Definitions with a text, by default newest first.
-- orders: -created_at id, name name COLLATE NOCASE
SELECT {{definition_columns}} FROM command_definitions
WHERE org_id = :org_id AND {{place}}
    AND (:pattern IS NULL OR name LIKE :pattern ESCAPE '\' OR description LIKE :pattern ESCAPE '\')
    AND (:device_id IS NULL OR device_id = :device_id)
    AND (:device_type IS NULL OR device_type = :device_type)
    AND (:project_id IS NULL OR project_id = :project_id)
ORDER BY {{order}} LIMIT :limit;

-- name: list_definitions_of_device
-- A device's own definitions by name.
SELECT {{definition_columns}} FROM command_definitions WHERE org_id = :org_id AND device_id = :device_id ORDER BY name;

-- name: list_definitions_of_type
-- The definitions of a device type by name.
SELECT {{definition_columns}} FROM command_definitions WHERE org_id = :org_id AND device_type = :device_type ORDER BY name;

-- name: list_definitions_of_project
-- The definitions of a project by name.
SELECT {{definition_columns}} FROM command_definitions WHERE org_id = :org_id AND project_id = :project_id ORDER BY name;

-- name: update_definition!
-- Update a definition's changeable columns.
UPDATE command_definitions SET name = :name, description = :description, parameters = :parameters, transport = :transport,
    verification = :verification, timeout_us = :timeout_us, repeatable = :repeatable, updated_us = :updated_us
WHERE org_id = :org_id AND id = :id;

-- name: delete_definition!
-- Remove a definition.
DELETE FROM command_definitions WHERE org_id = :org_id AND id = :id;

-- name: create_execution!
-- Add an execution.
INSERT INTO command_executions (
    id, org_id, device_id, definition_id, name, parameters, transport, verification, timeout_us, repeatable, created_by,
    created_us, expires_us, state, reason, hand_outs, moves, deadline_us, chain
) VALUES (
    :id, :org_id, :device_id, :definition_id, :name, :parameters, :transport, :verification, :timeout_us, :repeatable,
    :created_by, :created_us, :expires_us, :state, :reason, :hand_outs, :moves, :deadline_us, :chain
);

-- fragment: execution_columns
    id, org_id, device_id, definition_id, name, parameters, transport, verification, timeout_us, repeatable, created_by,
    created_us, expires_us, state, reason, progress, result, error, hand_outs, sent_by, moves, deadline_us, after_seq, sent_us,
    received_us, finished_us, leaving, chain

-- name: find_execution^
-- One execution by id.
SELECT {{execution_columns}} FROM command_executions WHERE org_id = :org_id AND id = :id;

-- name: list_executions
-- Executions newest first, older than a given one.
SELECT {{execution_columns}} FROM command_executions
WHERE org_id = :org_id AND id < :before_id
    AND (:state IS NULL OR state = :state)
    AND (:from_us IS NULL OR created_us >= :from_us)
    AND (:to_us IS NULL OR created_us < :to_us)
ORDER BY id DESC LIMIT :limit;

-- name: list_executions_of_device
-- Executions of a device newest first, older than a given one.
SELECT {{execution_columns}} FROM command_executions
WHERE org_id = :org_id AND id < :before_id
    AND device_id = :device_id
    AND (:definition_id IS NULL OR definition_id = :definition_id)
    AND (:state IS NULL OR state = :state)
    AND (:from_us IS NULL OR created_us >= :from_us)
    AND (:to_us IS NULL OR created_us < :to_us)
ORDER BY id DESC LIMIT :limit;

-- name: list_executions_of_definition
-- Executions of a definition newest first, older than a given one.
SELECT {{execution_columns}} FROM command_executions
WHERE org_id = :org_id AND id < :before_id
    AND definition_id = :definition_id
    AND (:state IS NULL OR state = :state)
    AND (:from_us IS NULL OR created_us >= :from_us)
    AND (:to_us IS NULL OR created_us < :to_us)
ORDER BY id DESC LIMIT :limit;

-- name: save_execution!
-- Update an execution's changeable columns.
UPDATE command_executions SET state = :state, reason = :reason, progress = :progress, result = :result, error = :error,
    hand_outs = :hand_outs, sent_by = :sent_by, moves = :moves, deadline_us = :deadline_us, after_seq = :after_seq,
    sent_us = :sent_us, received_us = :received_us, finished_us = :finished_us, leaving = :leaving
WHERE org_id = :org_id AND id = :id;

-- name: waiting_executions
-- A device's first waiting executions that a transport can deliver, in order, without expired ones.
SELECT {{execution_columns}} FROM command_executions
WHERE org_id = :org_id AND device_id = :device_id AND finished_us IS NULL AND state = 'queued' AND leaving = 0
    AND transport IN ('any', :transport) AND expires_us > :now_us
ORDER BY id LIMIT :limit;

-- name: open_executions
-- A device's executions that have not ended, in order.
SELECT {{execution_columns}} FROM command_executions
WHERE org_id = :org_id AND device_id = :device_id AND finished_us IS NULL ORDER BY id;

-- name: sent_executions
-- A device's executions without a receipt yet, in order.
SELECT {{execution_columns}} FROM command_executions
WHERE org_id = :org_id AND device_id = :device_id AND finished_us IS NULL AND state = 'sent' ORDER BY id;

-- name: last_execution_handed_out^
-- A device's newest execution that was dispatched and that a transport can deliver.
SELECT {{execution_columns}} FROM command_executions
WHERE org_id = :org_id AND device_id = :device_id AND hand_outs > 0 AND transport IN ('any', :transport)
ORDER BY id DESC LIMIT 1;

-- name: count_executions^
-- The number of a device's waiting executions, and of dispatched ones that have not ended.
SELECT count(CASE WHEN state = 'queued' AND leaving = 0 THEN 1 END) AS queued,
    count(CASE WHEN state <> 'queued' OR leaving = 1 THEN 1 END) AS under_way
FROM command_executions WHERE org_id = :org_id AND device_id = :device_id AND finished_us IS NULL;

-- name: add_transition!
-- Add a row to the history of an execution.
INSERT INTO command_transitions (org_id, execution_id, number, state, at_us, reason)
VALUES (:org_id, :execution_id, :number, :state, :at_us, :reason);

-- name: list_transitions
-- The history of an execution, oldest first.
SELECT state, at_us, reason FROM command_transitions
WHERE org_id = :org_id AND execution_id = :execution_id ORDER BY number;

-- name: find_command_queue^
-- Whether a device executes one command at a time.
SELECT device_id FROM command_queues WHERE org_id = :org_id AND device_id = :device_id;

-- name: create_command_queue!
-- Make a device execute one command at a time.
INSERT INTO command_queues (org_id, device_id) VALUES (:org_id, :device_id) ON CONFLICT (device_id) DO NOTHING;

-- name: delete_command_queue!
-- Let a device execute any number of commands at a time.
DELETE FROM command_queues WHERE org_id = :org_id AND device_id = :device_id;

-- fragment: due_execution_columns
    org_id, device_id, id, coalesce(after_seq, 0) AS after_seq

-- name: overdue_executions_of_all
-- Executions of all organisations whose state has timed out, longest overdue first.
-- org-scope: the worker that ends them serves every organisation
SELECT {{due_execution_columns}} FROM command_executions
WHERE deadline_us <= :now_us AND leaving = 0 ORDER BY deadline_us LIMIT :limit;

-- name: executions_of_all_awaiting_reading
-- Executions of all organisations that the next reading of their device verifies.
-- org-scope: the worker that verifies them serves every organisation
SELECT {{due_execution_columns}} FROM command_executions
WHERE state = 'received' AND verification = 'next_reading';

-- name: find_organization_of_device^
-- The organisation of a device.
-- org-scope: this look-up determines the organisation
SELECT org_id FROM devices WHERE id = :id;

-- name: drop_finished_executions_of_all!
-- Remove executions that ended before a time, with their history.
-- org-scope: the worker that removes them serves every organisation
DELETE FROM command_executions WHERE id IN (
    SELECT id FROM command_executions WHERE finished_us < :before_us ORDER BY finished_us LIMIT :limit
);
