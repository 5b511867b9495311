-- fragment: evaluation_error_columns
    org_id, kind, subject_id, errors, last_error, last_us

-- name: save_evaluation_errors!
-- Replace the count of a definition.
INSERT INTO evaluation_errors ({{evaluation_error_columns}})
VALUES (:org_id, :kind, :subject_id, :errors, :last_error, :last_us)
ON CONFLICT (org_id, kind, subject_id) DO UPDATE SET
    errors = excluded.errors, last_error = excluded.last_error, last_us = excluded.last_us;

-- name: remove_evaluation_errors!
-- Remove the count of a definition that was changed or deleted.
DELETE FROM evaluation_errors WHERE org_id = :org_id AND kind = :kind AND subject_id = :subject_id;

-- name: list_evaluation_errors_of_all
-- The counts of all organisations.
-- org-scope: all counts are in memory while the server runs
SELECT {{evaluation_error_columns}} FROM evaluation_errors;
