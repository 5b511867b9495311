-- fragment: is_due
    (due_us <= :now_us OR due_us > :now_us + 691200000000)

-- name: add_outbox_entry!
-- Add an event.
INSERT INTO outbox (org_id, topic, subject_id, body) VALUES (:org_id, :topic, :subject_id, :body);

-- name: next_outbox_entries_of_all
-- The oldest events of all organisations.
-- org-scope: the worker that passes events on serves every organisation
SELECT id, org_id, topic, subject_id, body FROM outbox WHERE id > :after_id ORDER BY id LIMIT :limit;

-- name: remove_outbox_entry!
-- Remove an event that all followers have handled.
DELETE FROM outbox WHERE org_id = :org_id AND id = :id;

-- name: find_answer^
-- The response stored under an idempotency key.
SELECT fingerprint, answer FROM idempotency
WHERE org_id = :org_id AND caller_id = :caller_id AND key_digest = :key_digest AND created_us >= :since_us;

-- name: keep_answer!
-- Store a response.
INSERT INTO idempotency (org_id, caller_id, key_digest, fingerprint, answer, created_us)
VALUES (:org_id, :caller_id, :key_digest, :fingerprint, :answer, :created_us)
ON CONFLICT (org_id, caller_id, key_digest) DO UPDATE SET
    fingerprint = excluded.fingerprint, answer = excluded.answer, created_us = excluded.created_us;

-- name: forget_answers!
-- Remove responses that have exceeded their retention.
DELETE FROM idempotency INDEXED BY idempotency_by_organization_age
WHERE org_id = :org_id AND created_us < :before_us;

-- name: find_consumer^
-- The cursor of a consumer of the reading log.
SELECT seq FROM consumers WHERE name = :name;

-- name: set_consumer!
-- Set the cursor of a consumer.
INSERT INTO consumers (name, seq) VALUES (:name, :seq) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq;

-- fragment: consumers_of_readings
    name IN ('observer', 'alerts', 'rules', 'webhooks', 'meter_alarms')

-- name: newest_cursor^
-- The highest position in the reading log that a consumer has reached. Other consumers follow audit logs or connectivity.
SELECT coalesce(max(seq), 0) AS seq FROM consumers WHERE {{consumers_of_readings}};

-- name: count_unpurged^
-- The number of deleted devices whose readings have yet to be removed.
-- org-scope: a number about the files, for the operator
SELECT count(*) AS devices FROM outbox WHERE topic = 'device.deleted';
