-- fragment: secret_columns
    id, name, owner_kind, owner_id, path, description, version, created_by, created_us, updated_us

-- fragment: secret_version_columns
    secret_id, version, key_version, data_key, content, created_by, created_us

-- name: create_secret!
-- Add a secret.
INSERT INTO secrets (org_id, {{secret_columns}}) VALUES (:org_id, {{:secret_columns}});

-- name: add_secret_version!
-- Add a version of a secret's content.
INSERT INTO secret_versions (org_id, {{secret_version_columns}}) VALUES (:org_id, {{:secret_version_columns}});

-- name: set_secret_version!
-- Make another version of a secret current.
UPDATE secrets SET version = :version, updated_us = :updated_us WHERE org_id = :org_id AND id = :id;

-- name: drop_secret_versions!
-- Remove the versions of a secret up to one.
DELETE FROM secret_versions WHERE org_id = :org_id AND secret_id = :secret_id AND version <= :up_to;

-- name: find_secret^
-- One secret.
SELECT {{secret_columns}} FROM secrets WHERE org_id = :org_id AND id = :id;

-- name: find_secret_by_name^
-- The secret with a name.
SELECT {{secret_columns}} FROM secrets WHERE org_id = :org_id AND name = :name;

-- name: list_secrets
-- Secrets newest first, before one.
SELECT {{secret_columns}} FROM secrets
WHERE org_id = :org_id AND id < :before_id
    AND (:pattern IS NULL OR name LIKE :pattern ESCAPE '\')
    AND (:name IS NULL OR name = :name)
    AND (:managed IS NULL OR (owner_kind IS NOT NULL) = :managed)
    AND (:owner_kind IS NULL OR owner_kind = :owner_kind)
    AND (:hidden_kind IS NULL OR owner_kind IS NOT :hidden_kind)
ORDER BY id DESC LIMIT :limit;

-- name: count_named_secrets^
-- The number of secrets with a name.
SELECT count(*) AS total FROM secrets WHERE org_id = :org_id AND name IS NOT NULL;

-- name: update_secret!
-- Change the description of a secret.
UPDATE secrets SET description = :description, updated_us = :updated_us WHERE org_id = :org_id AND id = :id;

-- name: delete_secret!
-- Remove a secret with its versions.
DELETE FROM secrets WHERE org_id = :org_id AND id = :id;

-- name: list_secret_versions
-- The stored versions of a secret, newest first.
SELECT {{secret_version_columns}} FROM secret_versions
WHERE org_id = :org_id AND secret_id = :secret_id ORDER BY version DESC;

-- name: find_secret_version^
-- One version of a secret.
SELECT {{secret_version_columns}} FROM secret_versions
WHERE org_id = :org_id AND secret_id = :secret_id AND version = :version;

-- name: use_secret!
-- Let an owner use a secret with a name.
INSERT INTO secret_uses (org_id, owner_kind, owner_id, path, secret_id)
VALUES (:org_id, :owner_kind, :owner_id, :path, :secret_id);

-- name: list_secret_uses
-- The uses of a secret with a name, after one of them.
SELECT owner_kind, owner_id, path FROM secret_uses
WHERE org_id = :org_id AND secret_id = :secret_id AND (owner_kind, owner_id, path) > (:after_kind, :after_id, :after_path)
ORDER BY owner_kind, owner_id, path LIMIT :limit;

-- name: list_uses_of_secrets
-- The first uses of several secrets, and how many each has.
SELECT u.secret_id, u.owner_kind, u.owner_id, u.path,
    (SELECT count(*) FROM secret_uses AS a WHERE a.org_id = :org_id AND a.secret_id = wanted.value) AS total
FROM json_each(:ids) AS wanted CROSS JOIN secret_uses AS u
WHERE u.org_id = :org_id AND u.secret_id = wanted.value AND (u.owner_kind, u.owner_id, u.path) IN (
    SELECT f.owner_kind, f.owner_id, f.path FROM secret_uses AS f
    WHERE f.org_id = :org_id AND f.secret_id = wanted.value ORDER BY f.owner_kind, f.owner_id, f.path LIMIT :each
);

-- name: move_owned_secret!
-- Move the managed secret of an owner to another path.
UPDATE secrets SET path = :to
WHERE org_id = :org_id AND owner_kind = :owner_kind AND owner_id = :owner_id AND path = :path;

-- name: move_secret_use!
-- Move the reference of an owner to another path.
UPDATE secret_uses SET path = :to
WHERE org_id = :org_id AND owner_kind = :owner_kind AND owner_id = :owner_id AND path = :path;

-- name: find_owned_secret^
-- The managed secret of an owner under a path.
SELECT {{secret_columns}} FROM secrets
WHERE org_id = :org_id AND owner_kind = :owner_kind AND owner_id = :owner_id AND path = :path;

-- fragment: held_secret_columns
    s.id, s.name, s.owner_kind, s.owner_id, s.description, s.version, s.created_by, s.created_us, s.updated_us,
    v.key_version, v.data_key, v.content, v.created_by AS version_created_by, v.created_us AS version_created_us

-- name: list_held_secrets
-- The managed secrets of an owner, and those with a name that it refers to, with their current contents.
SELECT s.path, {{held_secret_columns}}
FROM secrets AS s JOIN secret_versions AS v ON v.org_id = :org_id AND v.secret_id = s.id AND v.version = s.version
WHERE s.org_id = :org_id AND s.owner_kind = :owner_kind AND s.owner_id = :owner_id
UNION ALL
SELECT u.path, {{held_secret_columns}}
FROM secret_uses AS u
JOIN secrets AS s ON s.org_id = :org_id AND s.id = u.secret_id
JOIN secret_versions AS v ON v.org_id = :org_id AND v.secret_id = s.id AND v.version = s.version
WHERE u.org_id = :org_id AND u.owner_kind = :owner_kind AND u.owner_id = :owner_id;

-- name: delete_owned_secrets!
-- Remove the managed secrets of an owner, or the one under a path.
DELETE FROM secrets
WHERE org_id = :org_id AND owner_kind = :owner_kind AND owner_id = :owner_id AND (:path IS NULL OR path = :path);

-- name: delete_secret_uses!
-- Remove the references of an owner to secrets with a name, or the one under a path.
DELETE FROM secret_uses
WHERE org_id = :org_id AND owner_kind = :owner_kind AND owner_id = :owner_id AND (:path IS NULL OR path = :path);

-- name: list_stale_secret_versions
-- Data keys that some versions of the organisation's key wrap.
SELECT secret_id, version, key_version, data_key FROM secret_versions
WHERE org_id = :org_id AND key_version > :above AND key_version < :below
    AND (key_version, secret_id, version) > (:after_key_version, :after_secret_id, :after_version)
ORDER BY key_version, secret_id, version LIMIT :limit;

-- name: count_stale_secret_versions^
-- How many data keys some versions of the organisation's key wrap.
SELECT count(*) AS total FROM secret_versions WHERE org_id = :org_id AND key_version > :above AND key_version < :below;

-- name: rewrap_secret_version!
-- Replace the data key of a content, unless it changed.
UPDATE secret_versions SET key_version = :key_version, data_key = :data_key
WHERE org_id = :org_id AND secret_id = :secret_id AND version = :version AND data_key = :before;

-- name: newest_key_of_secrets^
-- The newest version of the organisation's key that a content needs.
SELECT key_version AS newest FROM secret_versions WHERE org_id = :org_id ORDER BY key_version DESC LIMIT 1;

-- name: next_key_use_of_secrets_of_all^
-- Which versions of its key the next organisation needs.
-- org-scope: the worker that wraps keys again serves every organisation
SELECT s.org_id, s.key_version AS oldest,
    (SELECT v.key_version FROM secret_versions AS v WHERE v.org_id = s.org_id ORDER BY v.key_version DESC LIMIT 1) AS newest
FROM secret_versions AS s WHERE s.org_id > :after ORDER BY s.org_id, s.key_version LIMIT 1;

-- name: list_sealed_connections_of_all
-- Connections whose secrets are not in the vault yet.
-- org-scope: read at the start of the server
SELECT id, org_id, sealed, secret_paths, type AS hint FROM connections
WHERE sealed != x'' AND id > :after_id ORDER BY id LIMIT :limit;

-- name: move_in_secrets_of_connection!
-- The secrets of a connection are in the vault.
UPDATE connections SET sealed = x'', secret_paths = :secret_paths WHERE org_id = :org_id AND id = :id AND sealed = :sealed;

-- name: mark_secrets_of_connection!
-- A connection should have secrets that cannot be opened.
UPDATE connections SET secret_paths = :secret_paths WHERE org_id = :org_id AND id = :id AND sealed = :sealed;

-- name: list_sealed_webhooks_of_all
-- Webhook endpoints whose secrets are not in the vault yet.
-- org-scope: read at the start of the server
SELECT id, org_id, sealed, secret_paths, header_names AS hint FROM webhook_endpoints
WHERE sealed != x'' AND id > :after_id ORDER BY id LIMIT :limit;

-- name: move_in_secrets_of_webhook!
-- The secrets of an endpoint are in the vault.
UPDATE webhook_endpoints SET sealed = x'', secret_paths = :secret_paths WHERE org_id = :org_id AND id = :id AND sealed = :sealed;

-- name: mark_secrets_of_webhook!
-- An endpoint should have secrets that cannot be opened.
UPDATE webhook_endpoints SET secret_paths = :secret_paths WHERE org_id = :org_id AND id = :id AND sealed = :sealed;

-- name: list_sealed_channels_of_all
-- Chat channels whose credentials are not in the vault yet.
-- org-scope: read at the start of the server
SELECT id, org_id, sealed, secret_paths, kind AS hint FROM chat_channels
WHERE sealed != x'' AND id > :after_id ORDER BY id LIMIT :limit;

-- name: move_in_secrets_of_channel!
-- The credentials of a channel are in the vault.
UPDATE chat_channels SET sealed = x'', secret_paths = :secret_paths WHERE org_id = :org_id AND id = :id AND sealed = :sealed;

-- name: mark_secrets_of_channel!
-- A channel should have credentials that cannot be opened.
UPDATE chat_channels SET secret_paths = :secret_paths WHERE org_id = :org_id AND id = :id AND sealed = :sealed;
