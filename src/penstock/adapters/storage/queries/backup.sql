-- name: list_device_ids_of_all
-- Every device, and every deleted one whose readings are still to be removed.
-- org-scope: a backup holds every organisation
SELECT org_id, id FROM devices UNION SELECT org_id, subject_id FROM outbox WHERE topic = 'device.deleted';

-- name: rewind_consumers!
-- Set consumers back that are ahead of the log they will find.
UPDATE consumers SET seq = :seq WHERE seq > :seq;

-- name: count_readings^
-- How many readings a segment holds, those in quarantine included.
-- org-scope: facts about the file, not about anyone's readings
SELECT (SELECT count(*) FROM readings) + (SELECT count(*) FROM quarantined) AS readings;

-- name: newest_arrival^
-- When the reading came that arrived last.
-- org-scope: facts about the file, not about anyone's readings
SELECT max(received_us) AS received_us FROM (
    SELECT time_us + delay_us AS received_us FROM readings WHERE seq = (SELECT max(seq) FROM readings)
    UNION ALL
    SELECT time_us + delay_us FROM quarantined WHERE seq = (SELECT max(seq) FROM quarantined)
);
