-- fragment: inbox_address_columns
    id, channel, value, label, account_id, for_notifications, created_us, updated_us, released_us

-- fragment: inbox_message_columns
    id, address_id, channel, direction, status, sender, recipient, account_id, source, provider_id, job, error, attempts, at_us,
    updated_us, due_us, read_us, key_version, data_key, content

-- fragment: inbox_part_columns
    account_id, provider_id, message_id, status, error, at_us

-- fragment: reached
    (
        SELECT g.address_id FROM json_each(:reach) AS s CROSS JOIN inbox_address_grants AS g
        WHERE g.org_id = :org_id AND g.subject_kind = s.value ->> 0 AND g.subject_id = s.value ->> 1
    )

-- name: create_inbox_address!
-- Add an address.
INSERT INTO inbox_addresses (org_id, {{inbox_address_columns}}) VALUES (:org_id, {{:inbox_address_columns}});

-- name: find_inbox_address^
-- One address, if it is granted to one of some subjects, or if these are NULL.
SELECT {{inbox_address_columns}} FROM inbox_addresses AS a
WHERE a.org_id = :org_id AND a.id = :id AND (:reach IS NULL OR a.id IN {{reached}});

-- name: find_inbox_address_by_value^
-- The same, by its value.
SELECT {{inbox_address_columns}} FROM inbox_addresses AS a
WHERE a.org_id = :org_id AND a.value = :value AND (:reach IS NULL OR a.id IN {{reached}});

-- name: find_inbox_address_for_notifications^
-- The number that alerts and rules send from.
SELECT {{inbox_address_columns}} FROM inbox_addresses
WHERE org_id = :org_id AND for_notifications = 1 AND released_us IS NULL;

-- name: list_inbox_addresses
-- Addresses with a text, by default newest first: those that some subjects reach, or all.
-- orders: -created_at a.id, label a.label COLLATE NOCASE, value a.value
SELECT {{inbox_address_columns}} FROM inbox_addresses AS a
WHERE a.org_id = :org_id AND {{place}} AND (:channel IS NULL OR a.channel = :channel)
    AND (:released OR a.released_us IS NULL) AND (:reach IS NULL OR a.id IN {{reached}})
    AND (:pattern IS NULL OR a.label LIKE :pattern ESCAPE '\' OR a.value LIKE :pattern ESCAPE '\')
ORDER BY {{order}} LIMIT :limit;

-- name: count_inbox_addresses^
-- The number of addresses in use.
SELECT count(*) AS total FROM inbox_addresses WHERE org_id = :org_id AND released_us IS NULL;

-- name: update_inbox_address!
-- Store the fields of an address that can change.
UPDATE inbox_addresses SET label = :label, account_id = :account_id, for_notifications = :for_notifications,
    updated_us = :updated_us, released_us = :released_us
WHERE org_id = :org_id AND id = :id;

-- name: clear_inbox_notifications!
-- Every other number ceases to be for notifications.
UPDATE inbox_addresses SET for_notifications = 0 WHERE org_id = :org_id AND for_notifications = 1 AND id <> :id;

-- name: grant_inbox_address!
-- Grant an address, unless it is.
INSERT INTO inbox_address_grants (org_id, address_id, subject_kind, subject_id, created_by, created_us)
VALUES (:org_id, :address_id, :subject_kind, :subject_id, :created_by, :created_us) ON CONFLICT DO NOTHING;

-- name: revoke_inbox_address!
-- End a grant.
DELETE FROM inbox_address_grants
WHERE org_id = :org_id AND address_id = :address_id AND subject_kind = :subject_kind AND subject_id = :subject_id;

-- name: list_inbox_address_grants
-- The grants of an address, oldest first.
SELECT address_id, subject_kind, subject_id, created_by, created_us FROM inbox_address_grants
WHERE org_id = :org_id AND address_id = :address_id ORDER BY created_us, subject_kind, subject_id;

-- name: count_inbox_address_grants^
-- The number of grants of an address.
SELECT count(*) AS total FROM inbox_address_grants WHERE org_id = :org_id AND address_id = :address_id;

-- name: list_groups_of_inbox_user
-- The groups of a user.
SELECT group_id FROM group_members WHERE org_id = :org_id AND user_id = :user_id;

-- name: find_inbox_alias_of_all^
-- An alias in use.
-- org-scope: a mail names its organisation only by the alias
SELECT org_id, {{inbox_address_columns}} FROM inbox_addresses
WHERE channel = 'mail' AND value = :value AND released_us IS NULL;

-- name: add_inbox_message!
-- Add a message.
INSERT INTO inbox_messages (org_id, {{inbox_message_columns}}) VALUES (:org_id, {{:inbox_message_columns}});

-- name: find_inbox_message^
-- One message, if some subjects reach its address, or if these are NULL.
SELECT m.*, a.value AS number FROM inbox_messages AS m INNER JOIN inbox_addresses AS a ON a.id = m.address_id
WHERE m.org_id = :org_id AND a.org_id = :org_id AND m.id = :id AND (:reach IS NULL OR a.id IN {{reached}});

-- name: find_received_inbox_message^
-- The message with a provider's id.
SELECT id FROM inbox_messages WHERE org_id = :org_id AND source = :source AND provider_id = :provider_id;

-- name: find_inbox_job^
-- The message of a job.
SELECT id FROM inbox_messages WHERE org_id = :org_id AND job = :job;

-- name: list_inbox_messages
-- Messages newest first, of addresses that some subjects reach, or of all.
SELECT m.*, a.value AS number FROM inbox_messages AS m CROSS JOIN inbox_addresses AS a ON a.id = m.address_id
WHERE m.org_id = :org_id AND a.org_id = :org_id AND m.id < :before_id
    AND (:address_id IS NULL OR m.address_id = :address_id)
    AND (:number IS NULL OR a.value = :number)
    AND (:channel IS NULL OR m.channel = :channel)
    AND (:direction IS NULL OR m.direction = :direction)
    AND (:status IS NULL OR m.status = :status)
    AND (:sender IS NULL OR m.sender = :sender)
    AND (:since_us IS NULL OR m.at_us >= :since_us)
    AND (:until_us IS NULL OR m.at_us < :until_us)
    AND (NOT :unread_only OR (m.direction = 'inbound' AND m.read_us IS NULL))
    AND (:reach IS NULL OR a.id IN {{reached}})
ORDER BY m.id DESC LIMIT :limit;

-- name: list_inbox_messages_of_address
-- The same of one address, by its index.
SELECT m.*, a.value AS number FROM inbox_messages AS m INDEXED BY inbox_messages_by_address
INNER JOIN inbox_addresses AS a ON a.id = m.address_id
WHERE m.org_id = :org_id AND a.org_id = :org_id AND m.id < :before_id AND m.address_id = :address_id
    AND (:channel IS NULL OR m.channel = :channel)
    AND (:direction IS NULL OR m.direction = :direction)
    AND (:status IS NULL OR m.status = :status)
    AND (:sender IS NULL OR m.sender = :sender)
    AND (:since_us IS NULL OR m.at_us >= :since_us)
    AND (:until_us IS NULL OR m.at_us < :until_us)
    AND (NOT :unread_only OR (m.direction = 'inbound' AND m.read_us IS NULL))
ORDER BY m.id DESC LIMIT :limit;

-- name: next_inbox_message^
-- The oldest message that an address received after another.
SELECT m.*, a.value AS number FROM inbox_messages AS m INDEXED BY inbox_messages_by_address
INNER JOIN inbox_addresses AS a ON a.id = m.address_id
WHERE m.org_id = :org_id AND a.org_id = :org_id AND m.address_id = :address_id AND m.id > :after_id AND m.direction = 'inbound'
ORDER BY m.id LIMIT 1;

-- name: last_inbox_message^
-- The latest message.
SELECT id FROM inbox_messages WHERE org_id = :org_id ORDER BY id DESC LIMIT 1;

-- name: count_queued_inbox_messages^
-- The number of messages that wait to be sent.
SELECT count(*) AS total FROM inbox_messages INDEXED BY inbox_messages_waiting
WHERE org_id = :org_id AND status IN ('queued', 'sending');

-- name: update_inbox_message!
-- Store the state of a message.
UPDATE inbox_messages SET status = :status, error = :error, attempts = :attempts, updated_us = :updated_us, due_us = :due_us,
    read_us = :read_us
WHERE org_id = :org_id AND id = :id;

-- name: claim_inbox_message!
-- Mark a queued message as being sent.
UPDATE inbox_messages SET status = 'sending', attempts = attempts + 1, due_us = NULL, updated_us = :now_us
WHERE org_id = :org_id AND id = :id AND status = 'queued';

-- name: list_inbox_parts
-- What the provider reported about the parts of a message.
SELECT {{inbox_part_columns}} FROM inbox_parts WHERE org_id = :org_id AND message_id = :message_id;

-- name: find_inbox_part^
-- What the provider reported under an id.
SELECT {{inbox_part_columns}} FROM inbox_parts
WHERE org_id = :org_id AND account_id = :account_id AND provider_id = :provider_id;

-- name: put_inbox_part!
-- Store what the provider reported under an id.
INSERT INTO inbox_parts (org_id, {{inbox_part_columns}}) VALUES (:org_id, {{:inbox_part_columns}})
ON CONFLICT (account_id, provider_id) DO UPDATE SET
    message_id = excluded.message_id, status = excluded.status, error = excluded.error, at_us = excluded.at_us
WHERE org_id = :org_id;

-- name: due_inbox_messages_of_all
-- The oldest SMS of each number, if it is due and not being sent; without those of some accounts (`<organisation>.<account>`).
-- org-scope: the worker sends for every organisation
SELECT org_id, id, address_id, account_id FROM inbox_messages
WHERE id IN (
    SELECT min(id) FROM inbox_messages INDEXED BY inbox_messages_waiting
    WHERE status IN ('queued', 'sending') GROUP BY org_id, address_id
) AND status = 'queued' AND {{is_due}}
    AND org_id || '.' || ifnull(account_id, 0) NOT IN (SELECT value FROM json_each(:without))
ORDER BY id LIMIT :limit;

-- name: next_due_inbox_message_of_all^
-- When the next SMS of any number is due.
-- org-scope: the worker sends for every organisation
SELECT min(due_us) AS due_us FROM inbox_messages
WHERE id IN (
    SELECT min(id) FROM inbox_messages INDEXED BY inbox_messages_waiting
    WHERE status IN ('queued', 'sending') GROUP BY org_id, address_id
) AND status = 'queued';

-- name: interrupted_inbox_messages_of_all
-- Messages that were being sent.
-- org-scope: read once, at the start
SELECT org_id, id FROM inbox_messages INDEXED BY inbox_messages_waiting
WHERE status IN ('queued', 'sending') AND status = 'sending' LIMIT :limit;

-- name: drop_inbox_messages_of_all!
-- Remove messages from before an id.
-- org-scope: one setting applies to every organisation
DELETE FROM inbox_messages WHERE id IN (
    SELECT id FROM inbox_messages WHERE id < :before_id AND status NOT IN ('queued', 'sending') ORDER BY id LIMIT :limit
);

-- name: drop_unclaimed_inbox_parts_of_all!
-- Remove reports from before a time whose message is not known.
-- org-scope: one rule applies to every organisation
DELETE FROM inbox_parts WHERE message_id IS NULL AND at_us < :before_us;

-- name: list_stale_inbox_messages
-- Data keys of messages that some versions of the organisation's key wrap.
SELECT id, key_version, data_key FROM inbox_messages
WHERE org_id = :org_id AND key_version > :above AND key_version < :below
    AND (key_version, id) > (:after_key_version, :after_id)
ORDER BY key_version, id LIMIT :limit;

-- name: count_stale_inbox_messages^
-- How many data keys of messages some versions of the organisation's key wrap.
SELECT count(*) AS total FROM inbox_messages WHERE org_id = :org_id AND key_version > :above AND key_version < :below;

-- name: rewrap_inbox_message!
-- Replace the data key of one of messages, unless it changed.
UPDATE inbox_messages SET key_version = :key_version, data_key = :data_key
WHERE org_id = :org_id AND id = :id AND data_key = :before;

-- name: newest_key_of_inbox_messages^
-- The newest version of the organisation's key that messages need.
SELECT key_version AS newest FROM inbox_messages WHERE org_id = :org_id ORDER BY key_version DESC LIMIT 1;

-- name: next_key_use_of_inbox_messages_of_all^
-- Which versions of its key the next organisation needs for messages.
-- org-scope: the worker that wraps keys again serves every organisation
SELECT s.org_id, s.key_version AS oldest,
    (SELECT v.key_version FROM inbox_messages AS v WHERE v.org_id = s.org_id ORDER BY v.key_version DESC LIMIT 1) AS newest
FROM inbox_messages AS s WHERE s.org_id > :after ORDER BY s.org_id, s.key_version LIMIT 1;
