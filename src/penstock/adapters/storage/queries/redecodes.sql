-- fragment: redecode_columns
    id, device_id, profile_id, project_id, reach_id, from_us, to_us, only_failed, state, until_seq, author, chain, created_us, reason,
    total, done, changed, failed, skipped, started_us, finished_us

-- name: create_redecode!
-- Add a re-decode.
INSERT INTO redecodes (org_id, {{redecode_columns}}) VALUES (:org_id, {{:redecode_columns}});

-- name: find_redecode^
-- One re-decode.
SELECT {{redecode_columns}} FROM redecodes WHERE org_id = :org_id AND id = :id;

-- name: list_redecodes
-- Re-decodes newest first by filter, older than a given one.
SELECT {{redecode_columns}} FROM redecodes
WHERE org_id = :org_id AND id < :before_id
    AND (:state IS NULL OR state = :state)
    AND (:device_id IS NULL OR device_id = :device_id)
    AND (:profile_id IS NULL OR profile_id = :profile_id)
    AND (:reach_id IS NULL OR reach_id = :reach_id)
ORDER BY id DESC LIMIT :limit;

-- name: active_redecodes
-- Re-decodes that have not ended, oldest first.
SELECT {{redecode_columns}} FROM redecodes
WHERE org_id = :org_id AND finished_us IS NULL ORDER BY id;

-- name: update_redecode!
-- Store the state and the counts of a re-decode; one that has ended needs its plan no longer.
UPDATE redecodes SET
    state = :state, reason = :reason, total = :total, done = :done, changed = :changed, failed = :failed, skipped = :skipped,
    started_us = :started_us, finished_us = :finished_us, plan = CASE WHEN :finished_us IS NULL THEN plan END
WHERE org_id = :org_id AND id = :id;

-- name: drop_old_redecodes!
-- Remove all re-decodes that have ended but the newest.
DELETE FROM redecodes
WHERE org_id = :org_id AND finished_us IS NOT NULL AND pending IS NULL AND id <= (
    SELECT id FROM redecodes WHERE org_id = :org_id ORDER BY id DESC LIMIT 1 OFFSET :keep
);

-- name: set_redecode_plan!
-- Store which uplinks a re-decode concerns.
UPDATE redecodes SET plan = :plan WHERE org_id = :org_id AND id = :id;

-- name: find_redecode_plan^
-- Which uplinks a re-decode concerns.
SELECT plan FROM redecodes WHERE org_id = :org_id AND id = :id;

-- name: set_redecode_pending!
-- Store the payloads that are counted and not yet in the log.
UPDATE redecodes SET pending = :pending WHERE org_id = :org_id AND id = :id;

-- name: find_redecode_pending^
-- The payloads that are counted and not yet in the log.
SELECT pending FROM redecodes WHERE org_id = :org_id AND id = :id;

-- name: list_devices_to_redecode
-- The devices of a selection whose profile has a codec. CROSS JOIN keeps this order of loops.
SELECT d.id FROM profiles AS p CROSS JOIN devices AS d ON d.profile_id = p.id
WHERE p.org_id = :org_id AND d.org_id = :org_id AND p.codec_id IS NOT NULL
    AND (:profile_id IS NULL OR p.id = :profile_id)
    AND (:device_id IS NULL OR d.id = :device_id)
    AND (:project_id IS NULL OR d.project_id = :project_id)
    AND (:reach_id IS NULL OR d.project_id = :reach_id);

-- name: list_routed_devices
-- Those of some devices whose uplinks come through a connection.
SELECT device_id FROM device_routes
WHERE org_id = :org_id AND device_id IN (SELECT value FROM json_each(:device_ids));

-- name: profile_is_in_project^
-- Whether a device of a project has a profile.
SELECT EXISTS (
    SELECT 1 FROM devices WHERE org_id = :org_id AND profile_id = :profile_id AND project_id = :project_id
) AS found;

-- name: redecodes_of_all_due
-- Of each organisation, the oldest re-decode that has not ended; and those with payloads that are not in the log yet.
-- org-scope: the worker that runs them serves every organisation
SELECT org_id, min(id) AS id FROM redecodes INDEXED BY redecodes_active
WHERE finished_us IS NULL GROUP BY org_id
UNION ALL
SELECT org_id, id FROM redecodes INDEXED BY redecodes_pending WHERE pending IS NOT NULL AND finished_us IS NOT NULL;

-- name: backlog_of_redecodes^
-- How many re-decodes have not ended, and how many uplinks they have left.
-- org-scope: a number for the operator
SELECT count(*) AS total, coalesce(sum(total - done), 0) AS uplinks FROM redecodes
WHERE finished_us IS NULL;
