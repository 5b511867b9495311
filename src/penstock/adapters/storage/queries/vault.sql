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
