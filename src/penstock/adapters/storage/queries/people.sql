-- fragment: user_columns
    id, email, name, password_hash, created_us, suspended_us

-- name: find_user^
-- One user by id.
SELECT {{user_columns}} FROM users WHERE id = :id;

-- name: find_user_by_email^
-- One user by e-mail, case-insensitively.
SELECT {{user_columns}} FROM users WHERE email = :email;

-- name: list_users
-- Users by id, after one.
SELECT {{user_columns}} FROM users WHERE id > :after_id ORDER BY id LIMIT :limit;

-- name: insert_user!
-- Add a user, if the e-mail is unused.
INSERT INTO users (id, email, name, password_hash, created_us) VALUES (:id, :email, :name, :password_hash, :created_us);

-- name: update_user!
-- Update a user's changeable columns.
UPDATE users SET name = :name, password_hash = :password_hash, suspended_us = :suspended_us WHERE id = :id;

-- name: list_memberships
-- The organisations of a user, oldest membership first.
-- org-scope: this look-up determines the organisations
SELECT m.org_id, o.name AS org_name, o.suspended_us IS NOT NULL AS org_suspended, o.require_mfa, m.role, m.created_us
FROM memberships AS m INNER JOIN organizations AS o ON o.id = m.org_id
WHERE m.user_id = :user_id ORDER BY m.created_us, m.org_id;

-- fragment: second_factor_columns
    user_id, sealed, algorithm, digits, created_us, confirmed_us, last_step

-- name: find_second_factor^
-- The second factor of a user.
SELECT {{second_factor_columns}} FROM second_factors WHERE user_id = :user_id;

-- name: set_second_factor!
-- Add or replace a second factor.
INSERT OR REPLACE INTO second_factors ({{second_factor_columns}})
VALUES ({{:second_factor_columns}});

-- name: delete_second_factor!
-- Remove a second factor.
DELETE FROM second_factors WHERE user_id = :user_id;

-- name: use_factor_step!
-- Mark a time step as used, unless it or a later one was used.
UPDATE second_factors SET last_step = :step WHERE user_id = :user_id AND last_step < :step;

-- name: delete_recovery_codes!
-- Remove every recovery code of a user.
DELETE FROM recovery_codes WHERE user_id = :user_id;

-- name: add_recovery_code!
-- Add a recovery code.
INSERT INTO recovery_codes (user_id, digest) VALUES (:user_id, :digest);

-- name: use_recovery_code!
-- Use a recovery code.
DELETE FROM recovery_codes WHERE user_id = :user_id AND digest = :digest;

-- name: count_recovery_codes^
-- The number of a user's unused recovery codes.
SELECT count(*) AS left FROM recovery_codes WHERE user_id = :user_id;

-- name: add_reset_token!
-- Add a reset token.
INSERT INTO reset_tokens (digest, user_id, created_us, expires_us) VALUES (:digest, :user_id, :created_us, :expires_us);

-- name: find_last_reset^
-- When a user's latest reset token was created.
SELECT max(created_us) AS created_us FROM reset_tokens WHERE user_id = :user_id;

-- name: find_reset_token^
-- The user of a reset token that has not expired.
SELECT user_id FROM reset_tokens WHERE digest = :digest AND expires_us > :now_us;

-- name: delete_reset_tokens!
-- Remove every reset token of a user.
DELETE FROM reset_tokens WHERE user_id = :user_id;

-- fragment: session_columns
    id, org_id, user_id, methods, address, agent, created_us, last_used_us, expires_us, revoked_us

-- name: find_session_by_refresh^
-- The session whose refresh token has this keyed hash.
-- org-scope: this look-up determines the organisation
SELECT {{session_columns}} FROM sessions WHERE refresh_digest = :digest;

-- name: find_session_by_spent^
-- The session whose refresh token once had this keyed hash.
-- org-scope: this look-up determines the organisation
SELECT {{s.session_columns}}
FROM spent_refreshes AS p INNER JOIN sessions AS s ON s.id = p.session_id WHERE p.digest = :digest;

-- name: find_standing^
-- A session with everything that its permissions depend on.
-- org-scope: this look-up determines the organisation
SELECT {{s.session_columns}},
    u.email, u.suspended_us IS NOT NULL AS user_suspended, m.role, m.resident_id, m.customer_id, o.require_mfa
FROM sessions AS s
INNER JOIN users AS u ON u.id = s.user_id
INNER JOIN organizations AS o ON o.id = s.org_id
LEFT JOIN memberships AS m ON m.org_id = s.org_id AND m.user_id = s.user_id
WHERE s.id = :id;

-- name: list_sessions_everywhere
-- The sessions of a user in every organisation that were not revoked.
-- org-scope: a user's password is used in all of their organisations, so its change revokes sessions in all
SELECT id FROM sessions WHERE user_id = :user_id AND revoked_us IS NULL AND id <> :but;

-- name: revoke_sessions_everywhere!
-- Revoke these sessions.
-- org-scope: a user's password is used in all of their organisations, so its change revokes sessions in all
UPDATE sessions SET revoked_us = :now_us WHERE user_id = :user_id AND revoked_us IS NULL AND id <> :but;

-- name: list_latest_places
-- The places of the latest sessions, the latest first.
-- org-scope: read once at the start; a user signs in to all organisations with one account
SELECT u.email, s.address FROM sessions AS s INNER JOIN users AS u ON u.id = s.user_id ORDER BY s.id DESC LIMIT :limit;

-- name: drop_ended_sessions!
-- Remove sessions that ended before a time.
-- org-scope: removes old sessions of every organisation
DELETE FROM sessions WHERE expires_us < :before_us OR revoked_us < :before_us;

-- name: create_session!
-- Add a session.
INSERT INTO sessions (id, org_id, user_id, refresh_digest, methods, address, agent, created_us, last_used_us, expires_us)
VALUES (:id, :org_id, :user_id, :refresh_digest, :methods, :address, :agent, :created_us, :last_used_us, :expires_us);

-- name: find_session^
-- One session by id.
SELECT {{session_columns}} FROM sessions WHERE org_id = :org_id AND id = :id;

-- name: list_sessions
-- A user's active sessions, newest first, older than a given one.
SELECT {{session_columns}} FROM sessions
WHERE org_id = :org_id AND user_id = :user_id AND revoked_us IS NULL AND expires_us > :alive_us AND last_used_us > :used_since_us
    AND id < :before_id
ORDER BY id DESC LIMIT :limit;

-- name: rotate_refresh!
-- Replace the refresh token of a session that was not revoked.
UPDATE sessions SET refresh_digest = :new_digest, last_used_us = :now_us
WHERE org_id = :org_id AND id = :id AND refresh_digest = :old_digest AND revoked_us IS NULL;

-- name: spend_refresh!
-- Record a used refresh token.
INSERT INTO spent_refreshes (digest, org_id, session_id) VALUES (:digest, :org_id, :session_id);

-- name: touch_session!
-- Note the use of a session that was not revoked.
UPDATE sessions SET last_used_us = :now_us WHERE org_id = :org_id AND id = :id AND revoked_us IS NULL;

-- name: set_session_methods!
-- Set the authentication methods of a session.
UPDATE sessions SET methods = :methods WHERE org_id = :org_id AND id = :id;

-- name: revoke_session!
-- Revoke a session.
UPDATE sessions SET revoked_us = :now_us WHERE org_id = :org_id AND id = :id AND revoked_us IS NULL;

-- name: list_open_sessions
-- The sessions of a user in the organisation that were not revoked.
SELECT id FROM sessions WHERE org_id = :org_id AND user_id = :user_id AND revoked_us IS NULL;

-- name: revoke_sessions_of!
-- Revoke every session of a user in the organisation.
UPDATE sessions SET revoked_us = :now_us WHERE org_id = :org_id AND user_id = :user_id AND revoked_us IS NULL;

-- name: create_member!
-- Add a user as a member.
INSERT INTO memberships (org_id, user_id, role, created_us, resident_id, customer_id)
VALUES (:org_id, :user_id, :role, :created_us, :resident_id, :customer_id);

-- fragment: member_columns
    m.user_id, u.email, u.name, m.role, f.confirmed_us IS NOT NULL AS mfa, m.created_us, m.resident_id, m.customer_id

-- name: find_member^
-- One member by the user's id.
SELECT {{member_columns}}
FROM memberships AS m INNER JOIN users AS u ON u.id = m.user_id LEFT JOIN second_factors AS f ON f.user_id = m.user_id
WHERE m.org_id = :org_id AND m.user_id = :user_id;

-- name: find_member_by_email^
-- One member by e-mail.
SELECT {{member_columns}}
FROM memberships AS m INNER JOIN users AS u ON u.id = m.user_id LEFT JOIN second_factors AS f ON f.user_id = m.user_id
WHERE m.org_id = :org_id AND u.email = :email;

-- name: list_members
-- Members with a text, by default by the user's id.
-- orders: user_id m.user_id, name u.name COLLATE NOCASE, joined_at m.created_us
SELECT {{member_columns}}
FROM memberships AS m INNER JOIN users AS u ON u.id = m.user_id LEFT JOIN second_factors AS f ON f.user_id = m.user_id
WHERE m.org_id = :org_id AND {{place}} AND (:pattern IS NULL OR u.name LIKE :pattern ESCAPE '\' OR u.email LIKE :pattern ESCAPE '\')
ORDER BY {{order}} LIMIT :limit;

-- name: list_members_of_resident
-- The members who sign in as a resident.
SELECT {{member_columns}}
FROM memberships AS m INDEXED BY memberships_by_resident
INNER JOIN users AS u ON u.id = m.user_id LEFT JOIN second_factors AS f ON f.user_id = m.user_id
WHERE m.org_id = :org_id AND m.resident_id = :resident_id ORDER BY m.user_id;

-- name: list_managers_of_customer
-- The members who are managers of a customer.
SELECT {{member_columns}}
FROM memberships AS m INDEXED BY memberships_by_customer
INNER JOIN users AS u ON u.id = m.user_id LEFT JOIN second_factors AS f ON f.user_id = m.user_id
WHERE m.org_id = :org_id AND m.customer_id = :customer_id ORDER BY m.user_id;

-- name: set_member_role!
-- Set a member's role.
UPDATE memberships SET role = :role WHERE org_id = :org_id AND user_id = :user_id;

-- name: delete_member!
-- Remove a member.
DELETE FROM memberships WHERE org_id = :org_id AND user_id = :user_id;

-- name: leave_groups!
-- Remove a member from every group.
DELETE FROM group_members WHERE org_id = :org_id AND user_id = :user_id;

-- name: count_owners^
-- The number of owners of the organisation.
SELECT count(*) AS owners FROM memberships WHERE org_id = :org_id AND role = 'owner';

-- name: list_keys_of_root
-- The keys with a user as their root that were not revoked.
SELECT id FROM api_keys WHERE org_id = :org_id AND root_id = :root_id AND revoked_us IS NULL ORDER BY id;

-- name: revoke_keys_of_root!
-- Revoke these keys.
UPDATE api_keys SET revoked_us = :now_us WHERE org_id = :org_id AND root_id = :root_id AND revoked_us IS NULL;

-- name: find_organization_settings^
-- The organisation's settings.
SELECT name, require_mfa FROM organizations WHERE id = :id;

-- name: set_organization_settings!
-- Update the organisation's settings.
UPDATE organizations SET name = :name, require_mfa = :require_mfa WHERE id = :id;

-- name: create_group!
-- Add a group.
INSERT INTO user_groups (id, org_id, name, created_us) VALUES (:id, :org_id, :name, :created_us);

-- fragment: group_columns
    g.id, g.name, count(m.user_id) AS members, g.created_us

-- name: find_group^
-- One group by id.
SELECT {{group_columns}}
FROM user_groups AS g LEFT JOIN group_members AS m ON m.org_id = g.org_id AND m.group_id = g.id
WHERE g.org_id = :org_id AND g.id = :id GROUP BY g.id;

-- name: list_groups
-- Groups with a text, by default by id.
-- orders: created_at g.id, name g.name COLLATE NOCASE
SELECT {{group_columns}}
FROM user_groups AS g LEFT JOIN group_members AS m ON m.org_id = g.org_id AND m.group_id = g.id
WHERE g.org_id = :org_id AND {{place}} AND (:pattern IS NULL OR g.name LIKE :pattern ESCAPE '\')
GROUP BY g.id ORDER BY {{order}} LIMIT :limit;

-- name: rename_group!
-- Rename a group.
UPDATE user_groups SET name = :name WHERE org_id = :org_id AND id = :id;

-- name: delete_group!
-- Remove a group; its memberships are removed by the foreign key.
DELETE FROM user_groups WHERE org_id = :org_id AND id = :id;

-- name: join_group!
-- Add a member to a group, if it is not in it already.
INSERT INTO group_members (org_id, group_id, user_id, created_us) VALUES (:org_id, :group_id, :user_id, :created_us)
ON CONFLICT (org_id, group_id, user_id) DO NOTHING;

-- name: leave_group!
-- Remove a member from a group.
DELETE FROM group_members WHERE org_id = :org_id AND group_id = :group_id AND user_id = :user_id;

-- name: list_group_members
-- The members of a group by the user's id, after one.
SELECT {{member_columns}} FROM group_members AS g
INNER JOIN memberships AS m ON m.org_id = g.org_id AND m.user_id = g.user_id
INNER JOIN users AS u ON u.id = m.user_id
LEFT JOIN second_factors AS f ON f.user_id = m.user_id
WHERE g.org_id = :org_id AND g.group_id = :group_id AND g.user_id > :after_id ORDER BY g.user_id LIMIT :limit;

-- name: list_groups_of
-- The names of the groups that a member is in.
SELECT g.name FROM group_members AS m INNER JOIN user_groups AS g ON g.org_id = m.org_id AND g.id = m.group_id
WHERE m.org_id = :org_id AND m.user_id = :user_id ORDER BY g.name;

-- name: create_invitation!
-- Add an invitation.
INSERT INTO invitations (id, org_id, email, role, digest, invited_by, created_by, created_us, sent_us, expires_us, resident_id,
    customer_id)
VALUES (:id, :org_id, :email, :role, :digest, :invited_by, :created_by, :created_us, :sent_us, :expires_us, :resident_id,
    :customer_id);

-- fragment: invitation_columns
    id, org_id, email, role, invited_by, created_by, created_us, sent_us, expires_us, accepted_us, withdrawn_us,
    resident_id, customer_id

-- name: find_invitation^
-- One invitation by id.
SELECT {{invitation_columns}} FROM invitations WHERE org_id = :org_id AND id = :id;

-- name: find_pending_invitation^
-- The open invitation of an e-mail address.
SELECT {{invitation_columns}} FROM invitations
WHERE org_id = :org_id AND email = :email AND accepted_us IS NULL AND withdrawn_us IS NULL AND expires_us > :now_us;

-- name: list_invitations
-- Invitations with a text, by default newest first.
-- orders: -created_at id, email email COLLATE NOCASE
SELECT {{invitation_columns}} FROM invitations
WHERE org_id = :org_id AND {{place}} AND (:pattern IS NULL OR email LIKE :pattern ESCAPE '\')
ORDER BY {{order}} LIMIT :limit;

-- name: update_invitation!
-- Update the state of an invitation.
UPDATE invitations
SET invited_by = :invited_by, created_by = :created_by, sent_us = :sent_us, expires_us = :expires_us, accepted_us = :accepted_us,
    withdrawn_us = :withdrawn_us
WHERE org_id = :org_id AND id = :id;

-- name: withdraw_invitations!
-- Withdraw the open invitations that one actor made, or that are for one e-mail address.
UPDATE invitations SET withdrawn_us = :now_us
WHERE org_id = :org_id AND accepted_us IS NULL AND withdrawn_us IS NULL AND (created_by = :created_by OR email = :email);

-- name: replace_invitation_digest!
-- Replace an invitation's token.
UPDATE invitations SET digest = :digest WHERE org_id = :org_id AND id = :id;

-- name: find_invitation_by_token^
-- The invitation whose token has this keyed hash.
-- org-scope: this look-up determines the organisation
SELECT {{invitation_columns}} FROM invitations WHERE digest = :digest;

-- fragment: signing_key_columns
    kid, public, sealed, created_us, retired_us

-- name: create_signing_key!
-- Add a key that signs tokens.
INSERT INTO signing_keys ({{signing_key_columns}}) VALUES ({{:signing_key_columns}});

-- name: list_signing_keys
-- All keys that sign tokens, newest first.
SELECT {{signing_key_columns}} FROM signing_keys ORDER BY created_us DESC, kid;

-- name: retire_signing_keys!
-- Retire every key that is not retired yet.
UPDATE signing_keys SET retired_us = :now_us WHERE retired_us IS NULL;

-- name: drop_signing_keys!
-- Remove keys that were retired before a time.
DELETE FROM signing_keys WHERE retired_us < :before_us;

-- fragment: mail_columns
    id, org_id, sealed, created_us, expires_us, due_us, attempts

-- name: queue_mail!
-- Queue a mail.
INSERT INTO mail_queue ({{mail_columns}})
VALUES ({{:mail_columns}});

-- name: list_due_mail
-- Due mail, the oldest first.
-- org-scope: a worker sends the mail of every organisation
SELECT {{mail_columns}} FROM mail_queue
WHERE {{is_due}} ORDER BY due_us, id LIMIT :limit;

-- name: delete_mail!
-- Remove a mail.
-- org-scope: a worker sends the mail of every organisation
DELETE FROM mail_queue WHERE id = :id;

-- name: postpone_mail!
-- Schedule a mail's next attempt after a failure.
-- org-scope: a worker sends the mail of every organisation
UPDATE mail_queue SET due_us = :due_us, attempts = attempts + 1 WHERE id = :id;
