-- name: list_device_ids_of_all
-- Every device, and every deleted one whose readings have yet to be removed.
-- org-scope: a backup holds every organisation
SELECT org_id, id FROM devices UNION SELECT org_id, subject_id FROM outbox WHERE topic = 'device.deleted';

-- name: rewind_consumers!
-- Set back consumers that are ahead of the copied log. Those of other logs have their own positions.
UPDATE consumers SET seq = :seq WHERE seq > :seq AND {{consumers_of_readings}};

-- name: restart_redecodes!
-- Queue re-decodes again that were running since a time: payloads that they count may not be in the copied segments.
-- org-scope: a backup holds every organisation
UPDATE redecodes SET
    state = 'queued', reason = '', total = NULL, done = 0, changed = 0, failed = 0, skipped = 0,
    started_us = NULL, finished_us = NULL, plan = NULL, pending = NULL
WHERE started_us IS NOT NULL AND (finished_us IS NULL OR finished_us >= :since_us) AND state <> 'cancelled';

-- name: count_readings^
-- The number of readings in a segment, including quarantined ones.
-- org-scope: facts about the file, not about readings of an organisation
SELECT (SELECT count(*) FROM readings) + (SELECT count(*) FROM quarantined) AS readings;

-- name: newest_arrival^
-- The latest arrival time.
-- org-scope: facts about the file, not about readings of an organisation
SELECT max(received_us) AS received_us FROM (
    SELECT time_us + delay_us AS received_us FROM readings WHERE seq = (SELECT max(seq) FROM readings)
    UNION ALL
    SELECT time_us + delay_us FROM quarantined WHERE seq = (SELECT max(seq) FROM quarantined)
);
