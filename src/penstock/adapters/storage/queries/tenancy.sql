-- name: create_organization!
-- Add an organisation.
INSERT INTO organizations (id, name, plan, created_us) VALUES (:id, :name, :plan, :created_us);

-- name: find_organization^
-- One organisation by id.
SELECT id, name, plan, created_us FROM organizations WHERE id = :id;

-- name: find_organization_by_name^
-- One organisation by its exact name.
SELECT id, name, plan, created_us FROM organizations WHERE name = :name;

-- name: list_organizations
-- All organisations, oldest first.
SELECT id, name, plan, created_us FROM organizations ORDER BY id;

-- name: create_user!
-- Add a user; one whose e-mail is known stays as they are.
INSERT INTO users (id, email, password_hash, created_us) VALUES (:id, :email, :password_hash, :created_us)
ON CONFLICT (email) DO NOTHING;

-- name: create_owner!
-- Make a user, by e-mail, owner of an organisation.
INSERT INTO memberships (org_id, user_id, role, created_us)
SELECT :org_id, id, 'owner', :created_us FROM users WHERE email = :email
ON CONFLICT (org_id, user_id) DO NOTHING;

-- name: create_project!
-- Add a project.
INSERT INTO projects (id, org_id, name, is_default, created_us)
VALUES (:id, :org_id, :name, :is_default, :created_us);

-- name: find_project^
-- One project by id.
SELECT id, name, is_default, created_us FROM projects WHERE org_id = :org_id AND id = :id;

-- name: find_default_project^
-- The organisation's default project.
SELECT id, name, is_default, created_us FROM projects WHERE org_id = :org_id AND is_default;

-- name: list_projects
-- All projects, oldest first.
SELECT id, name, is_default, created_us FROM projects WHERE org_id = :org_id ORDER BY id;

-- name: create_key!
-- Add an API key with the keyed hash of its value.
INSERT INTO api_keys (id, org_id, name, prefix, digest, scopes, created_us, expires_us)
VALUES (:id, :org_id, :name, :prefix, :digest, :scopes, :created_us, :expires_us);

-- name: list_keys
-- Keys newest first, older than a given one.
SELECT id, org_id, name, prefix, scopes, created_us, expires_us, revoked_us, last_used_us FROM api_keys
WHERE org_id = :org_id AND id < :before_id ORDER BY id DESC LIMIT :limit;

-- name: touch_key!
-- Note when a key was last used; never back.
UPDATE api_keys SET last_used_us = :now_us
WHERE org_id = :org_id AND id = :id AND coalesce(last_used_us, 0) < :now_us;

-- name: find_key_by_digest^
-- The key whose value has this keyed hash.
-- org-scope: the organisation is what this look-up finds out
SELECT id, org_id, name, prefix, scopes, created_us, expires_us, revoked_us, last_used_us FROM api_keys
WHERE digest = :digest;

-- name: find_device_by_token^
-- Organisation and device whose access token has this keyed hash.
-- org-scope: the organisation is what this look-up finds out
SELECT org_id, id FROM devices WHERE token_digest = :digest;
