-- name: add_outbox_entry!
-- Write down what happened.
INSERT INTO outbox (org_id, topic, subject_id, body) VALUES (:org_id, :topic, :subject_id, :body);

-- name: next_outbox_entries_of_all
-- The oldest events of all organisations.
-- org-scope: the worker that hands events out serves every organisation
SELECT id, org_id, topic, subject_id, body FROM outbox ORDER BY id LIMIT :limit;

-- name: remove_outbox_entry!
-- Forget an event whose followers are done.
DELETE FROM outbox WHERE org_id = :org_id AND id = :id;

-- name: find_answer^
-- The answer kept under an idempotency key.
SELECT fingerprint, answer FROM idempotency
WHERE org_id = :org_id AND caller_id = :caller_id AND key_digest = :key_digest AND created_us >= :since_us;

-- name: keep_answer!
-- Keep an answer.
INSERT INTO idempotency (org_id, caller_id, key_digest, fingerprint, answer, created_us)
VALUES (:org_id, :caller_id, :key_digest, :fingerprint, :answer, :created_us)
ON CONFLICT (org_id, caller_id, key_digest) DO UPDATE SET
    fingerprint = excluded.fingerprint, answer = excluded.answer, created_us = excluded.created_us;

-- name: forget_answers!
-- Forget answers that are older than they are kept.
DELETE FROM idempotency WHERE org_id = :org_id AND created_us < :before_us;

-- name: find_consumer^
-- How far a consumer of the reading log has come.
SELECT seq FROM consumers WHERE name = :name;

-- name: set_consumer!
-- Remember how far a consumer has come.
INSERT INTO consumers (name, seq) VALUES (:name, :seq) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq;
