-- name: create_connection!
-- Add a connection.
INSERT INTO connections (
    id, org_id, project_id, name, type, status, settings, secret_paths, sealed, secret_digest, secret_prefix, created_us,
    updated_us
) VALUES (
    :id, :org_id, :project_id, :name, :type, :status, :settings, :secret_paths, x'', :secret_digest, :secret_prefix, :created_us,
    :updated_us
);

-- fragment: connection_columns
    c.id, c.org_id, c.project_id, c.name, c.type, c.status, c.settings, c.secret_paths, c.secret_prefix, c.previous_until_us,
    c.created_us, c.updated_us, c.messages, c.errors, c.last_message_us, c.last_error_us, c.last_error,
    (SELECT count(*) FROM device_routes AS r WHERE r.org_id = :org_id AND r.connection_id = c.id) AS devices

-- name: find_connection^
-- One connection, with the number of devices that report through it.
SELECT {{connection_columns}} FROM connections AS c WHERE c.org_id = :org_id AND c.id = :id;

-- fragment: connection_ref_columns
    id, org_id, project_id, type, status

-- name: find_connection_ref^
-- The columns of a connection for the hot paths.
SELECT {{connection_ref_columns}} FROM connections WHERE org_id = :org_id AND id = :id;

-- name: find_connection_by_digest_of_all^
-- The connection with a secret: its current one, or the previous one while it is valid.
-- org-scope: the secret determines the organisation
SELECT {{connection_ref_columns}}, iif(secret_digest = :digest, NULL, previous_until_us) AS until_us
FROM connections WHERE secret_digest = :digest OR (previous_digest = :digest AND previous_until_us > :now_us);

-- name: list_fetching_connections_of_all
-- Active connections that Penstock opens.
-- org-scope: the worker that opens them serves every organisation
SELECT org_id, id FROM connections WHERE type = 'mqtt' AND status = 'active' ORDER BY id;

-- name: list_connections
-- Connections by filter, by default newest first.
-- orders: -created_at c.id, name c.name COLLATE NOCASE
SELECT {{connection_columns}} FROM connections AS c
WHERE c.org_id = :org_id AND {{place}}
    AND (:type IS NULL OR c.type = :type)
    AND (:status IS NULL OR c.status = :status)
    AND (:project_id IS NULL OR c.project_id = :project_id)
    AND (:pattern IS NULL OR c.name LIKE :pattern ESCAPE '\')
ORDER BY {{order}} LIMIT :limit;

-- name: count_connections^
-- The number of connections.
SELECT count(*) AS total FROM connections WHERE org_id = :org_id;

-- name: update_connection!
-- Update a connection's changeable columns.
UPDATE connections SET
    project_id = :project_id, name = :name, status = :status, settings = :settings, secret_paths = :secret_paths,
    sealed = CASE WHEN secret_paths = :secret_paths THEN sealed ELSE x'' END, updated_us = :updated_us
WHERE org_id = :org_id AND id = :id;

-- name: replace_connection_secret!
-- Set a new secret; the previous one is kept with the time until which it is valid, if any.
UPDATE connections SET
    previous_digest = iif(:previous_until_us IS NULL, NULL, secret_digest), previous_until_us = :previous_until_us,
    secret_digest = :secret_digest, secret_prefix = :secret_prefix, updated_us = :updated_us
WHERE org_id = :org_id AND id = :id;

-- name: delete_connection!
-- Remove a connection and its devices' routes.
DELETE FROM connections WHERE org_id = :org_id AND id = :id;

-- name: add_connection_counts!
-- Add to a connection's counts of messages.
UPDATE connections SET
    messages = messages + :messages, errors = errors + :errors,
    last_message_us = coalesce(:last_message_us, last_message_us),
    last_error_us = coalesce(:last_error_us, last_error_us), last_error = coalesce(:last_error, last_error)
WHERE org_id = :org_id AND id = :id;

-- name: set_device_route!
-- Record the connection through which a device reports, if both exist. Names that are not sent are kept if the connection is the same.
-- Without `moves`, a device that reports through another connection keeps it.
INSERT INTO device_routes (device_id, org_id, connection_id, device_name, application_id, since_us)
SELECT d.id, :org_id, c.id, :device_name, :application_id, :since_us
FROM devices AS d JOIN connections AS c ON c.org_id = :org_id AND c.id = :connection_id
WHERE d.org_id = :org_id AND d.id = :device_id
ON CONFLICT (device_id) DO UPDATE SET
    device_name = iif(device_routes.connection_id = excluded.connection_id,
        coalesce(excluded.device_name, device_routes.device_name), excluded.device_name),
    application_id = iif(device_routes.connection_id = excluded.connection_id,
        coalesce(excluded.application_id, device_routes.application_id), excluded.application_id),
    connection_id = excluded.connection_id, since_us = excluded.since_us
WHERE device_routes.org_id = :org_id AND (:moves OR device_routes.connection_id = excluded.connection_id);

-- name: find_device_route^
-- The connection through which a device last reported.
SELECT connection_id, device_name, application_id FROM device_routes WHERE org_id = :org_id AND device_id = :device_id;
