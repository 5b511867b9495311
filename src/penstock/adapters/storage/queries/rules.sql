-- fragment: rule_columns
    id, org_id, name, description, state, reason, last_number, version_id, from_seq, next_us, failures, hook_id, hook_digest,
    trashed_us, created_us, updated_us

-- name: create_rule!
-- Add a rule.
INSERT INTO rules ({{rule_columns}}) VALUES ({{:rule_columns}});

-- name: find_rule^
-- One rule by id.
SELECT {{rule_columns}} FROM rules WHERE org_id = :org_id AND id = :id;

-- name: list_rules
-- Rules with a text, by default newest first: those in the trash, or the others.
-- orders: -created_at id, name name COLLATE NOCASE
SELECT {{rule_columns}} FROM rules
WHERE org_id = :org_id AND {{place}} AND (trashed_us IS NOT NULL) = :trashed
    AND (:pattern IS NULL OR name LIKE :pattern ESCAPE '\' OR description LIKE :pattern ESCAPE '\')
ORDER BY {{order}} LIMIT :limit;

-- name: count_rules^
-- The number of rules.
SELECT count(*) AS rules FROM rules WHERE org_id = :org_id;

-- name: save_rule!
-- Update a rule's changeable columns.
UPDATE rules SET name = :name, description = :description, state = :state, reason = :reason, last_number = :last_number,
    version_id = :version_id, from_seq = :from_seq, next_us = :next_us, failures = :failures, hook_id = :hook_id,
    hook_digest = :hook_digest, trashed_us = :trashed_us, updated_us = :updated_us
WHERE org_id = :org_id AND id = :id;

-- name: set_rule_failures!
-- Set the number of failed runs in a row.
UPDATE rules SET failures = :failures WHERE org_id = :org_id AND id = :id;

-- fragment: rule_version_columns
    id, org_id, rule_id, number, name, author, author_name, note, restored_number, definition, created_us

-- name: add_rule_version!
-- Add a version of a rule.
INSERT INTO rule_versions ({{rule_version_columns}}) VALUES ({{:rule_version_columns}});

-- name: rename_rule_version!
-- Rename a version of a rule.
UPDATE rule_versions SET name = :name WHERE org_id = :org_id AND id = :id;

-- name: find_rule_version^
-- One version by id.
SELECT {{rule_version_columns}} FROM rule_versions WHERE org_id = :org_id AND id = :id;

-- name: list_rule_versions
-- Versions of a rule, newest first, older than a number.
SELECT {{rule_version_columns}}
FROM rule_versions WHERE org_id = :org_id AND rule_id = :rule_id AND number < :before_number ORDER BY number DESC LIMIT :limit;

-- fragment: rule_run_columns
    id, org_id, rule_id, version_id, number, cause, device_id, outcome, reason, inputs, results, step, chain, at_us, created_us,
    finished_us

-- name: add_rule_run!
-- Add a run; one of the same rule and cause exists already if the same trigger was evaluated twice.
INSERT INTO rule_runs ({{rule_run_columns}}) VALUES ({{:rule_run_columns}}) ON CONFLICT (rule_id, cause) DO NOTHING;

-- name: find_rule_run^
-- One run by id.
SELECT {{rule_run_columns}} FROM rule_runs WHERE org_id = :org_id AND id = :id;

-- name: list_rule_runs
-- Runs newest first, older than a given one.
SELECT {{rule_run_columns}} FROM rule_runs
WHERE org_id = :org_id AND id < :before_id
    AND (:device_id IS NULL OR device_id = :device_id)
    AND (:outcome IS NULL OR outcome = :outcome)
    AND (:from_us IS NULL OR at_us >= :from_us)
    AND (:to_us IS NULL OR at_us < :to_us)
ORDER BY id DESC LIMIT :limit;

-- name: list_runs_of_rule
-- Runs of a rule newest first, older than a given one.
SELECT {{rule_run_columns}} FROM rule_runs
WHERE org_id = :org_id AND id < :before_id
    AND rule_id = :rule_id
    AND (:device_id IS NULL OR device_id = :device_id)
    AND (:outcome IS NULL OR outcome = :outcome)
    AND (:from_us IS NULL OR at_us >= :from_us)
    AND (:to_us IS NULL OR at_us < :to_us)
ORDER BY id DESC LIMIT :limit;

-- name: save_rule_run!
-- Update the progress of a run.
UPDATE rule_runs SET outcome = :outcome, reason = :reason, results = :results, step = :step, finished_us = :finished_us
WHERE org_id = :org_id AND id = :id;

-- name: running_rules_of_all
-- The running rules of all organisations.
-- org-scope: the workers that follow them serve every organisation
SELECT {{rule_columns}} FROM rules WHERE state = 'running' ORDER BY id;

-- name: running_versions_of_all
-- The running versions of all organisations.
-- org-scope: the workers that follow them serve every organisation
SELECT {{v.rule_version_columns}}
FROM rule_versions AS v JOIN rules AS r ON r.version_id = v.id WHERE r.state = 'running';

-- name: find_rule_of_hook^
-- The rule with a hook.
-- org-scope: this look-up determines the organisation
SELECT {{rule_columns}} FROM rules WHERE hook_id = :hook_id;

-- name: pending_runs_of_all
-- The oldest runs of all organisations with pending actions.
-- org-scope: the worker that executes them serves every organisation
SELECT {{rule_run_columns}} FROM rule_runs WHERE finished_us IS NULL ORDER BY id LIMIT :limit;

-- name: drop_rule_runs_of_all!
-- Remove runs that ended before a time.
-- org-scope: the worker that removes them serves every organisation
DELETE FROM rule_runs WHERE id IN (SELECT id FROM rule_runs WHERE finished_us < :before_us ORDER BY finished_us LIMIT :limit);

-- name: drop_trashed_rules_of_all!
-- Remove rules that were moved to the trash before a time, with their versions and runs.
-- org-scope: the worker that removes them serves every organisation
DELETE FROM rules WHERE id IN (SELECT id FROM rules WHERE trashed_us < :before_us ORDER BY trashed_us LIMIT :limit);
