-- name: put_downlink!
-- Record the downlink of an execution of this organisation.
INSERT INTO command_downlinks (execution_id, org_id, device_id, connection_id, name, accepted, broker_id)
SELECT e.id, :org_id, :device_id, :connection_id, :name, :accepted, :broker_id
FROM command_executions AS e WHERE e.org_id = :org_id AND e.id = :execution_id
ON CONFLICT (execution_id) DO UPDATE SET
    connection_id = excluded.connection_id, name = excluded.name, accepted = excluded.accepted,
    broker_id = excluded.broker_id
WHERE command_downlinks.org_id = :org_id;

-- name: find_downlink^
-- The newest execution with a downlink of this name: an event can arrive through the device's connection or the broker's.
SELECT execution_id FROM command_downlinks
WHERE org_id = :org_id AND device_id = :device_id AND name = :name
    AND (connection_id = :connection_id OR broker_id = :connection_id)
ORDER BY execution_id DESC LIMIT 1;

-- name: first_uncounted_downlink^
-- The oldest downlink that a broker has confirmed, that has not ended, and that has no frame counter yet.
SELECT n.execution_id, n.device_id, n.connection_id, n.name, n.accepted, n.broker_id FROM command_downlinks AS n
CROSS JOIN command_executions AS e ON e.id = n.execution_id AND e.org_id = n.org_id
WHERE n.org_id = :org_id AND n.device_id = :device_id AND n.broker_id IS NOT NULL AND n.accepted = 1
    AND (n.connection_id = :connection_id OR n.broker_id = :connection_id)
    AND n.name NOT LIKE 'f_cnt:%' AND e.finished_us IS NULL
ORDER BY n.execution_id LIMIT 1;

-- name: find_downlink_route^
-- The route of downlinks to a device.
-- org-scope: the worker that looks it up serves every organisation
SELECT d.id AS device_id, c.id AS connection_id
FROM devices AS d
JOIN device_routes AS r ON r.device_id = d.id AND r.org_id = d.org_id
JOIN connections AS c ON c.id = r.connection_id AND c.org_id = d.org_id
WHERE d.id = :device_id AND d.status = 'active' AND c.status = 'active'
    AND (c.project_id IS NULL OR c.project_id = d.project_id)
    AND (json_extract(c.settings, '$.downlink') IS NOT NULL OR json_extract(c.settings, '$.command_payload') = 'chirpstack');

-- name: downlink_routes_of_all_waiting
-- The routes of the devices for which commands wait that can be sent as downlinks.
-- org-scope: the worker that dispatches them serves every organisation
SELECT d.id AS device_id, c.id AS connection_id
FROM (
    SELECT DISTINCT device_id FROM command_executions
    WHERE finished_us IS NULL AND state = 'queued' AND transport IN ('any', 'lorawan')
) AS e
JOIN devices AS d ON d.id = e.device_id
JOIN device_routes AS r ON r.device_id = d.id AND r.org_id = d.org_id
JOIN connections AS c ON c.id = r.connection_id AND c.org_id = d.org_id
WHERE d.status = 'active' AND c.status = 'active'
    AND (c.project_id IS NULL OR c.project_id = d.project_id)
    AND (json_extract(c.settings, '$.downlink') IS NOT NULL OR json_extract(c.settings, '$.command_payload') = 'chirpstack')
LIMIT :limit;

-- name: doubtful_downlinks_of_all
-- Repeatable executions that were dispatched as downlinks and are not confirmed by a server.
-- org-scope: the worker that settles them after a start serves every organisation
SELECT e.org_id, e.device_id, e.id FROM command_executions AS e
LEFT JOIN command_downlinks AS n ON n.execution_id = e.id
WHERE e.finished_us IS NULL AND e.state = 'sent' AND e.sent_by = 'lorawan' AND e.repeatable = 1
    AND coalesce(n.accepted, 0) = 0;

-- name: find_publication_route^
-- The route of commands to a device through an external broker.
-- org-scope: the worker that looks it up serves every organisation
SELECT d.id AS device_id, c.id AS connection_id
FROM devices AS d
JOIN device_routes AS r ON r.device_id = d.id AND r.org_id = d.org_id
JOIN connections AS c ON c.id = r.connection_id AND c.org_id = d.org_id
WHERE d.id = :device_id AND d.status = 'active' AND c.status = 'active' AND c.type = 'mqtt'
    AND (c.project_id IS NULL OR c.project_id = d.project_id) AND json_extract(c.settings, '$.command_topic') IS NOT NULL
    AND coalesce(json_extract(c.settings, '$.command_payload'), 'command') <> 'chirpstack';

-- name: publication_routes_of_all_waiting
-- The routes, through external brokers, of the devices for which commands wait that can be published.
-- org-scope: the worker that dispatches them serves every organisation
SELECT d.id AS device_id, c.id AS connection_id
FROM (
    SELECT DISTINCT device_id FROM command_executions
    WHERE finished_us IS NULL AND state = 'queued' AND leaving = 0 AND transport IN ('any', 'mqtt')
) AS e
JOIN devices AS d ON d.id = e.device_id
JOIN device_routes AS r ON r.device_id = d.id AND r.org_id = d.org_id
JOIN connections AS c ON c.id = r.connection_id AND c.org_id = d.org_id
WHERE d.status = 'active' AND c.status = 'active' AND c.type = 'mqtt'
    AND (c.project_id IS NULL OR c.project_id = d.project_id) AND json_extract(c.settings, '$.command_topic') IS NOT NULL
    AND coalesce(json_extract(c.settings, '$.command_payload'), 'command') <> 'chirpstack'
LIMIT :limit;

-- name: doubtful_publications_of_all
-- Executions that were being published when the server stopped.
-- org-scope: the worker that settles them after a start serves every organisation
SELECT org_id, device_id, id FROM command_executions WHERE leaving = 1;
