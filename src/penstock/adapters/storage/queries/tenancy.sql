-- name: create_organization!
-- Add an organisation.
INSERT INTO organizations (id, name, plan, created_us, plan_until_us, trial)
VALUES (:id, :name, :plan, :created_us, :plan_until_us, :trial);

-- fragment: organization_columns
    id, name, plan, created_us, suspended_us, plan_until_us, trial, former_plan, former_until_us

-- name: find_organization^
-- One organisation by id.
SELECT {{organization_columns}} FROM organizations
WHERE id = :id;

-- name: find_organization_by_name^
-- One organisation by its exact name.
SELECT {{organization_columns}} FROM organizations
WHERE name = :name;

-- name: update_organization!
-- Update plan and suspension of an organisation.
UPDATE organizations SET plan = :plan, suspended_us = :suspended_us, plan_until_us = :plan_until_us, trial = :trial,
    former_plan = :former_plan, former_until_us = :former_until_us
WHERE id = :id;

-- name: list_due_organizations
-- Organisations whose plan has ended, oldest end first.
SELECT {{organization_columns}} FROM organizations
WHERE plan_until_us <= :now_us ORDER BY plan_until_us, id;

-- name: list_organizations
-- All organisations, oldest first.
SELECT {{organization_columns}} FROM organizations
ORDER BY id;

-- name: create_user!
-- Add a user; an existing user with the e-mail is unchanged.
INSERT INTO users (id, email, password_hash, created_us) VALUES (:id, :email, :password_hash, :created_us)
ON CONFLICT (email) DO NOTHING;

-- name: create_owner!
-- Make a user, by e-mail, an owner of an organisation.
INSERT INTO memberships (org_id, user_id, role, created_us)
SELECT :org_id, id, 'owner', :created_us FROM users WHERE email = :email
ON CONFLICT (org_id, user_id) DO NOTHING;

-- name: create_project!
-- Add a project.
INSERT INTO projects (id, org_id, name, is_default, created_us, alias, platform)
VALUES (:id, :org_id, :name, :is_default, :created_us, :alias, :platform);

-- fragment: project_columns
    id, name, is_default, created_us, alias, platform

-- name: find_project^
-- One project by id.
SELECT {{project_columns}} FROM projects WHERE org_id = :org_id AND id = :id;

-- name: find_project_by_alias^
-- One project by its alias.
SELECT {{project_columns}} FROM projects
WHERE org_id = :org_id AND alias = :alias;

-- name: find_default_project^
-- The organisation's default project.
SELECT {{project_columns}} FROM projects WHERE org_id = :org_id AND is_default;

-- name: list_projects
-- Projects with a text, by default oldest first.
-- orders: created_at id, name name COLLATE NOCASE
SELECT {{project_columns}} FROM projects
WHERE org_id = :org_id AND {{place}} AND (:pattern IS NULL OR name LIKE :pattern ESCAPE '\' OR alias LIKE :pattern ESCAPE '\')
ORDER BY {{order}} LIMIT :limit;

-- name: create_key!
-- Add an API key with the keyed hash of its value.
INSERT INTO api_keys (
    id, org_id, name, prefix, digest, scopes, created_us, style, expires_us, cidrs, single_use, used_from, spent_us,
    per_minute, created_by, root_id, project_id, granted_only
) VALUES (
    :id, :org_id, :name, :prefix, :digest, :scopes, :created_us, :style, :expires_us, :cidrs, :single_use, :used_from, :spent_us,
    :per_minute, :created_by, :root_id, :project_id, :granted_only
);

-- fragment: key_columns
    k.id, k.org_id, k.name, k.prefix, k.scopes, k.created_us, k.style, k.expires_us, k.revoked_us, k.rotated_us,
    k.valid_until_us, k.replaced_by, k.cidrs, k.single_use, k.used_from, k.spent_us, k.per_minute, k.project_id, k.created_by,
    k.root_id, m.role AS root_role, u.suspended_us IS NOT NULL AS root_suspended, k.last_used_us, k.last_address,
    k.granted_only

-- fragment: keys_with_roots
    api_keys AS k
    LEFT JOIN memberships AS m ON m.org_id = k.org_id AND m.user_id = k.root_id
    LEFT JOIN users AS u ON u.id = k.root_id

-- name: find_key^
-- One key by id.
SELECT {{key_columns}} FROM {{keys_with_roots}} WHERE k.org_id = :org_id AND k.id = :id;

-- name: update_key!
-- Update a key's changeable columns.
UPDATE api_keys SET name = :name, revoked_us = :revoked_us, rotated_us = :rotated_us, valid_until_us = :valid_until_us,
    replaced_by = :replaced_by
WHERE org_id = :org_id AND id = :id;

-- name: spend_key!
-- Use a single-use key for the first time.
UPDATE api_keys SET spent_us = :now_us, used_from = :address
WHERE org_id = :org_id AND id = :id AND spent_us IS NULL;

-- name: count_active_keys^
-- The number of active keys.
SELECT count(*) AS active FROM api_keys
WHERE org_id = :org_id AND CASE
        WHEN revoked_us IS NOT NULL THEN 'revoked'
        WHEN rotated_us IS NOT NULL THEN 'rotated'
        WHEN expires_us <= :now_us THEN 'expired'
        WHEN spent_us IS NOT NULL AND single_use = 'spend' THEN 'spent'
        ELSE 'active'
    END = 'active';

-- name: list_keys
-- Keys with a text, all or of one status, by default newest first.
-- orders: -created_at k.id, name k.name COLLATE NOCASE
SELECT {{key_columns}} FROM {{keys_with_roots}}
WHERE k.org_id = :org_id AND {{place}}
    AND (:pattern IS NULL OR k.name LIKE :pattern ESCAPE '\' OR k.prefix LIKE :pattern ESCAPE '\')
    AND (:status IS NULL OR CASE
        WHEN k.revoked_us IS NOT NULL THEN 'revoked'
        WHEN k.rotated_us IS NOT NULL THEN 'rotated'
        WHEN k.expires_us <= :now_us THEN 'expired'
        WHEN k.spent_us IS NOT NULL AND k.single_use = 'spend' THEN 'spent'
        ELSE 'active'
    END = :status)
ORDER BY {{order}} LIMIT :limit;

-- name: list_keys_letting_in
-- Usable keys: active ones, and rotated ones in their overlap.
SELECT {{key_columns}} FROM {{keys_with_roots}}
WHERE k.org_id = :org_id AND k.revoked_us IS NULL AND (k.rotated_us IS NULL OR k.valid_until_us > :now_us)
    AND (k.expires_us IS NULL OR k.expires_us > :now_us) AND (k.spent_us IS NULL OR k.single_use <> 'spend')
ORDER BY k.id;

-- name: list_keys_of_operator
-- The keys whose root is the operator, oldest first.
SELECT {{key_columns}} FROM {{keys_with_roots}} WHERE k.org_id = :org_id AND k.root_id IS NULL ORDER BY k.id;

-- name: set_root_of_key!
-- Make a user the root of a key.
UPDATE api_keys SET root_id = :root_id WHERE org_id = :org_id AND id = :id;

-- name: restrict_key_to_grants!
-- Let a key access only what is granted.
UPDATE api_keys SET granted_only = 1 WHERE org_id = :org_id AND id = :id AND NOT granted_only;

-- name: touch_key!
-- Record when and from where a key was last used; the time never moves back.
UPDATE api_keys SET last_used_us = :now_us, last_address = :address
WHERE org_id = :org_id AND id = :id AND coalesce(last_used_us, 0) < :now_us;

-- name: note_credential_change!
-- Increase the number that notifies running servers of changes by other processes.
UPDATE credential_changes SET number = number + 1 WHERE id = 1;

-- name: find_credential_changes^
-- The number that increases with every change of a credential.
SELECT number FROM credential_changes WHERE id = 1;

-- name: find_key_by_digest^
-- The key whose value has this keyed hash.
-- org-scope: this look-up determines the organisation
SELECT {{key_columns}} FROM {{keys_with_roots}} WHERE k.digest = :digest;

-- name: find_device_by_token^
-- Organisation and device whose access token has this keyed hash.
-- org-scope: this look-up determines the organisation
SELECT org_id, id FROM devices WHERE token_digest = :digest;
