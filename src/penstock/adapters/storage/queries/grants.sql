-- fragment: granted_columns
    g.id, g.token_id, g.subject_kind, g.subject_id, g.permission, g.expires_us, g.reason, g.created_by, g.created_us,
    g.elevates,
    t.name AS token, coalesce(u.name, p.email, k.name, '') AS subject

-- fragment: grants_with_names
    token_grants AS g
    INNER JOIN tokens AS t ON t.org_id = g.org_id AND t.id = g.token_id
    LEFT JOIN user_groups AS u ON g.subject_kind = 'group' AND u.org_id = g.org_id AND u.id = g.subject_id
    LEFT JOIN users AS p ON g.subject_kind = 'user' AND p.id = g.subject_id
    LEFT JOIN api_keys AS k ON g.subject_kind = 'key' AND k.org_id = g.org_id AND k.id = g.subject_id

-- name: create_grant!
-- Add a grant of a token.
INSERT INTO token_grants (
    id, org_id, token_id, subject_kind, subject_id, permission, expires_us, reason, created_by, created_us, elevates
) VALUES (
    :id, :org_id, :token_id, :subject_kind, :subject_id, :permission, :expires_us, :reason, :created_by, :created_us,
    :elevates
);

-- name: find_grant^
-- One grant by id.
SELECT {{granted_columns}} FROM {{grants_with_names}} WHERE g.org_id = :org_id AND g.id = :id;

-- name: find_grant_like^
-- The grant of a permission to a subject.
SELECT {{granted_columns}} FROM {{grants_with_names}}
WHERE g.org_id = :org_id AND g.token_id = :token_id AND g.subject_kind = :subject_kind AND g.subject_id = :subject_id
    AND g.permission = :permission;

-- name: list_elevations
-- The grants of the seed that end with a grant of codes.
SELECT {{granted_columns}} FROM {{grants_with_names}}
WHERE g.org_id = :org_id AND g.token_id = :token_id AND g.elevates = :id ORDER BY g.id;

-- name: count_grants^
-- The number of grants of a token: for its limit.
SELECT count(*) AS total FROM token_grants WHERE org_id = :org_id AND token_id = :token_id;

-- name: set_grant_end!
-- Set when a grant ends.
UPDATE token_grants SET expires_us = :expires_us WHERE org_id = :org_id AND id = :id;

-- name: delete_grant!
-- Remove a grant.
DELETE FROM token_grants WHERE org_id = :org_id AND id = :id;

-- name: delete_grants_of_subject!
-- Remove all grants to a subject.
DELETE FROM token_grants WHERE org_id = :org_id AND subject_kind = :subject_kind AND subject_id = :subject_id;

-- name: find_granted_permission^
-- How many grants of a token count for a user, their groups and a key, and how many of these are of the seed.
SELECT count(*) AS total, count(CASE WHEN g.permission = 'seed' THEN 1 END) AS seeds FROM token_grants AS g
WHERE g.org_id = :org_id AND g.token_id = :token_id AND (g.expires_us IS NULL OR g.expires_us > :now_us)
    AND CASE g.subject_kind
        WHEN 'user' THEN g.subject_id = :user_id
        WHEN 'key' THEN g.subject_id = :key_id
        ELSE EXISTS (
            SELECT 1 FROM group_members AS m
            WHERE m.org_id = :org_id AND m.group_id = g.subject_id AND m.user_id = :user_id
        )
    END;

-- name: list_group_ids_of
-- The groups of a user.
SELECT group_id FROM group_members WHERE org_id = :org_id AND user_id = :user_id ORDER BY group_id;

-- name: list_key_ids_of
-- The keys that a user answers for.
SELECT id FROM api_keys WHERE org_id = :org_id AND root_id = :user_id ORDER BY id;

-- name: list_grants_of_token
-- Grants of a token by id, after one; all, or those to some subjects.
SELECT {{granted_columns}} FROM {{grants_with_names}}
WHERE g.org_id = :org_id AND g.token_id = :token_id AND g.id > :after_id AND (:subjects IS NULL OR EXISTS (
        SELECT 1 FROM json_each(:subjects) AS w
        WHERE g.subject_kind = json_extract(w.value, '$[0]') AND g.subject_id = json_extract(w.value, '$[1]')
    ))
ORDER BY g.id LIMIT :limit;

-- name: list_grants_of_subject
-- Grants to a subject by id, after one.
SELECT {{granted_columns}} FROM {{grants_with_names}}
WHERE g.org_id = :org_id AND g.subject_kind = :subject_kind AND g.subject_id = :subject_id AND g.id > :after_id
ORDER BY g.id LIMIT :limit;

-- name: list_ended_grants
-- Grants whose end has passed, the earliest first.
-- org-scope: a worker removes the ended grants of every organisation
SELECT g.org_id, {{granted_columns}} FROM {{grants_with_names}}
WHERE g.expires_us <= :now_us ORDER BY g.expires_us LIMIT :limit;

-- name: mark_all_tokens!
-- Mark every token for a new seed.
UPDATE tokens SET rotate_reason = :reason, updated_us = :now_us WHERE org_id = :org_id AND rotate_reason IS NULL;

-- name: mark_granted_tokens!
-- Mark the tokens whose seeds are granted now to some subjects.
UPDATE tokens SET rotate_reason = :reason, updated_us = :now_us
WHERE org_id = :org_id AND rotate_reason IS NULL AND id IN (
    SELECT g.token_id FROM json_each(:subjects) AS w CROSS JOIN token_grants AS g
    WHERE g.org_id = :org_id AND g.subject_kind = json_extract(w.value, '$[0]') AND g.subject_id = json_extract(w.value, '$[1]')
        AND g.permission = 'seed' AND (g.expires_us IS NULL OR g.expires_us > :now_us)
);

-- fragment: seed_request_columns
    r.id, r.token_id, t.name AS token, r.purpose, r.reason, r.state, r.actor_kind, r.actor_id, r.person, r.requested_by,
    r.created_us, r.until_us, r.decided_by, r.decided_us, r.used_us

-- name: create_seed_request!
-- Add a request to read a seed.
INSERT INTO seed_requests (
    id, org_id, token_id, purpose, reason, state, actor_kind, actor_id, person, requested_by, created_us, until_us, decided_by,
    decided_us, used_us
) VALUES (
    :id, :org_id, :token_id, :purpose, :reason, :state, :actor_kind, :actor_id, :person, :requested_by, :created_us, :until_us,
    :decided_by, :decided_us, :used_us
);

-- name: find_seed_request^
-- One request by id.
SELECT {{seed_request_columns}} FROM seed_requests AS r INNER JOIN tokens AS t ON t.org_id = r.org_id AND t.id = r.token_id
WHERE r.org_id = :org_id AND r.id = :id;

-- name: count_open_seed_requests^
-- How many requests of a person for a token can still be decided or used.
SELECT count(*) AS total FROM seed_requests
WHERE org_id = :org_id AND person = :person AND state IN ('open', 'approved') AND token_id = :token_id AND until_us > :now_us;

-- name: decide_seed_request!
-- Decide on an open request.
UPDATE seed_requests SET state = :state, until_us = :until_us, decided_by = :decided_by,
    decided_person = :decided_person, decided_us = :now_us
WHERE org_id = :org_id AND id = :id AND state = 'open' AND until_us > :now_us;

-- name: use_seed_request!
-- Use an approved request.
UPDATE seed_requests SET state = 'used', used_us = :now_us
WHERE org_id = :org_id AND id = :id AND state = 'approved' AND until_us > :now_us;

-- name: find_approved_seed_request^
-- The oldest approved request of a requester for a token and purpose.
SELECT {{seed_request_columns}} FROM seed_requests AS r INNER JOIN tokens AS t ON t.org_id = r.org_id AND t.id = r.token_id
WHERE r.org_id = :org_id AND r.person = :person AND r.state = 'approved' AND r.token_id = :token_id AND r.purpose = :purpose
    AND r.actor_kind = :actor_kind AND r.actor_id = :actor_id AND r.until_us > :now_us
ORDER BY r.id LIMIT 1;

-- name: end_seed_requests_of!
-- End what a person requested and did not use.
UPDATE seed_requests SET state = 'expired' WHERE org_id = :org_id AND person = :person AND state IN ('open', 'approved');

-- name: end_seed_approvals_of!
-- End the unused approvals of a person.
UPDATE seed_requests SET state = 'expired' WHERE org_id = :org_id AND decided_person = :person AND state = 'approved';

-- name: list_seed_requests
-- Requests newest first, older than a given one: of a token and state, and whose seeds are granted to some subjects.
SELECT {{seed_request_columns}} FROM seed_requests AS r INNER JOIN tokens AS t ON t.org_id = r.org_id AND t.id = r.token_id
WHERE r.org_id = :org_id AND r.id < :before_id AND (:token_id IS NULL OR r.token_id = :token_id)
    AND (:state IS NULL OR CASE WHEN r.state IN ('open', 'approved') AND r.until_us <= :now_us THEN 'expired' ELSE r.state END
        = :state)
    AND (:subjects IS NULL OR EXISTS (
        SELECT 1 FROM json_each(:subjects) AS w CROSS JOIN token_grants AS g
        WHERE g.org_id = :org_id AND g.token_id = r.token_id AND g.subject_kind = json_extract(w.value, '$[0]')
            AND g.subject_id = json_extract(w.value, '$[1]') AND g.permission = 'seed'
            AND (g.expires_us IS NULL OR g.expires_us > :now_us)
    ))
ORDER BY r.id DESC LIMIT :limit;

-- name: drop_seed_requests!
-- Delete requests that were made before a time.
-- org-scope: removes old requests of every organisation
DELETE FROM seed_requests WHERE id < :before_id;
