-- name: save_evaluation_errors!
-- Replace the count of a definition.
INSERT INTO evaluation_errors (org_id, kind, definition_id, errors, last_error, last_us)
VALUES (:org_id, :kind, :definition_id, :errors, :last_error, :last_us)
ON CONFLICT (org_id, kind, definition_id) DO UPDATE SET
    errors = excluded.errors, last_error = excluded.last_error, last_us = excluded.last_us;

-- name: remove_evaluation_errors!
-- Remove the count of a definition that was changed or deleted.
DELETE FROM evaluation_errors WHERE org_id = :org_id AND kind = :kind AND definition_id = :definition_id;

-- name: list_evaluation_errors_of_all
-- The counts of all organisations.
SELECT org_id, kind, definition_id, errors, last_error, last_us FROM evaluation_errors;
