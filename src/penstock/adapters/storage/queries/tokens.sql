-- fragment: token_columns
    id, name, issuer, account, description, algorithm, digits, period_s, four_eyes, last_step, rotate_reason, created_by,
    created_us, updated_us

-- name: create_token!
-- Add a token.
INSERT INTO tokens (org_id, {{token_columns}}) VALUES (:org_id, {{:token_columns}});

-- name: find_token^
-- One token by id.
SELECT {{token_columns}} FROM tokens WHERE org_id = :org_id AND id = :id;

-- name: find_token_by_name^
-- One token by name.
SELECT {{token_columns}} FROM tokens WHERE org_id = :org_id AND name = :name;

-- name: find_token_at^
-- The token at a position: there is none if there are fewer. For the limit of an organisation.
SELECT id FROM tokens WHERE org_id = :org_id ORDER BY id LIMIT 1 OFFSET :position;

-- fragment: token_filter
    (:pattern IS NULL OR t.search LIKE :pattern ESCAPE '\')
    AND (:issuer IS NULL OR t.issuer = :issuer)
    AND (:rotate IS NULL OR (t.rotate_reason IS NOT NULL) = :rotate)
    AND (:subjects IS NULL OR t.id IN (
        SELECT g.token_id FROM json_each(:subjects) AS w CROSS JOIN token_grants AS g
        WHERE g.org_id = :org_id AND g.subject_kind = json_extract(w.value, '$[0]')
            AND g.subject_id = json_extract(w.value, '$[1]')
            AND (g.expires_us IS NULL OR g.expires_us > :now_us)))

-- name: list_tokens_by_name
-- Tokens from A to Z by filter, after a given one.
SELECT {{t.token_columns}} FROM tokens AS t INDEXED BY tokens_by_name
WHERE t.org_id = :org_id AND t.name > :after AND {{token_filter}}
ORDER BY t.name LIMIT :limit;

-- name: list_tokens_by_name_reversed
-- Tokens from Z to A by filter, before a given one.
SELECT {{t.token_columns}} FROM tokens AS t INDEXED BY tokens_by_name
WHERE t.org_id = :org_id AND t.name < :after AND {{token_filter}}
ORDER BY t.name DESC LIMIT :limit;

-- name: list_newest_tokens
-- Tokens newest first by filter, older than a given one.
SELECT {{t.token_columns}} FROM tokens AS t
WHERE t.org_id = :org_id AND t.id < :after AND {{token_filter}}
ORDER BY t.id DESC LIMIT :limit;

-- name: list_oldest_tokens
-- Tokens oldest first by filter, newer than a given one.
SELECT {{t.token_columns}} FROM tokens AS t
WHERE t.org_id = :org_id AND t.id > :after AND {{token_filter}}
ORDER BY t.id LIMIT :limit;

-- name: list_groups_of_tokens
-- The groups to which some tokens are granted now; twice if for codes and for the seed.
SELECT g.token_id, u.id, u.name
FROM json_each(:token_ids) AS w CROSS JOIN token_grants AS g
JOIN user_groups AS u ON u.org_id = :org_id AND u.id = g.subject_id
WHERE g.org_id = :org_id AND g.token_id = w.value AND g.subject_kind = 'group'
    AND (g.expires_us IS NULL OR g.expires_us > :now_us);

-- name: update_token!
-- Update the columns of a token that users set.
UPDATE tokens SET name = :name, issuer = :issuer, account = :account, description = :description, four_eyes = :four_eyes,
    updated_us = :updated_us
WHERE org_id = :org_id AND id = :id;

-- name: reseed_token!
-- A token has a new seed: no code of it was consumed, and no one who left has seen it.
UPDATE tokens SET algorithm = :algorithm, digits = :digits, period_s = :period_s, last_step = 0, rotate_reason = NULL,
    updated_us = :updated_us
WHERE org_id = :org_id AND id = :id;

-- name: consume_token_step!
-- Mark the code of a time step as consumed, unless it or a later one was.
UPDATE tokens SET last_step = :step WHERE org_id = :org_id AND id = :id AND last_step < :step;

-- name: delete_token!
-- Remove a token with its grants.
DELETE FROM tokens WHERE org_id = :org_id AND id = :id;
