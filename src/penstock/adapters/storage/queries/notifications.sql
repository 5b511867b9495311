-- fragment: chat_channel_columns
    id, org_id, name, kind, secret_paths, hint, created_us, updated_us, last_sent_us, failures, last_error, last_error_us

-- name: create_chat_channel!
-- Add a chat channel.
INSERT INTO chat_channels (sealed, {{chat_channel_columns}}) VALUES (x'', {{:chat_channel_columns}});

-- name: find_chat_channel^
-- One chat channel by id.
SELECT {{chat_channel_columns}} FROM chat_channels WHERE org_id = :org_id AND id = :id;

-- name: find_chat_channel_by_name^
-- One chat channel by name.
SELECT {{chat_channel_columns}} FROM chat_channels WHERE org_id = :org_id AND name = :name;

-- name: list_chat_channels
-- Chat channels with a text, by default newest first.
-- orders: -created_at id, name name COLLATE NOCASE
SELECT {{chat_channel_columns}} FROM chat_channels
WHERE org_id = :org_id AND {{place}} AND (:pattern IS NULL OR name LIKE :pattern ESCAPE '\' OR hint LIKE :pattern ESCAPE '\')
ORDER BY {{order}} LIMIT :limit;

-- name: count_chat_channels^
-- The number of chat channels.
SELECT count(*) AS total FROM chat_channels WHERE org_id = :org_id;

-- name: update_chat_channel!
-- Update a chat channel's changeable columns, including the outcome of sending.
UPDATE chat_channels SET secret_paths = :secret_paths, hint = :hint, updated_us = :updated_us, last_sent_us = :last_sent_us,
    sealed = CASE WHEN secret_paths = :secret_paths THEN sealed ELSE x'' END,
    failures = :failures, last_error = :last_error, last_error_us = :last_error_us
WHERE org_id = :org_id AND id = :id;

-- name: delete_chat_channel!
-- Remove a chat channel.
DELETE FROM chat_channels WHERE org_id = :org_id AND id = :id;

-- fragment: quiet_hours_columns
    time_zone, days, from_minute, to_minute, breaks_through

-- name: find_quiet_hours_of_address^
-- The quiet hours of the user with an e-mail address, in any organisation.
SELECT {{q.quiet_hours_columns}}
FROM users AS u JOIN quiet_hours AS q ON q.user_id = u.id WHERE u.email = :address;

-- name: find_quiet_hours^
-- The quiet hours of a user.
SELECT {{quiet_hours_columns}} FROM quiet_hours WHERE user_id = :user_id;

-- name: set_quiet_hours!
-- Add or replace a user's quiet hours.
INSERT OR REPLACE INTO quiet_hours (user_id, time_zone, days, from_minute, to_minute, breaks_through, updated_us)
VALUES (:user_id, :time_zone, :days, :from_minute, :to_minute, :breaks_through, :now_us);

-- name: delete_quiet_hours!
-- Remove a user's quiet hours.
DELETE FROM quiet_hours WHERE user_id = :user_id;

-- name: find_mail_window^
-- The latest window of an address.
SELECT since_us, sent FROM mail_windows WHERE org_id = :org_id AND address = :address;

-- name: set_mail_window!
-- Save the window of an address.
INSERT INTO mail_windows (org_id, address, since_us, sent) VALUES (:org_id, :address, :since_us, :sent)
ON CONFLICT (org_id, address) DO UPDATE SET since_us = excluded.since_us, sent = excluded.sent;

-- name: hold_mail!
-- Hold a mail, merged with those of the same subject and severity; the earlier due time applies.
INSERT INTO held_mails (org_id, address, severity, severity_rank, subject, text, count, first_us, last_us, due_us)
VALUES (:org_id, :address, :severity, :rank, :subject, :text, :count, :first_us, :last_us, :due_us)
ON CONFLICT (org_id, address, severity, subject) DO UPDATE SET text = excluded.text, count = count + excluded.count,
    last_us = max(last_us, excluded.last_us), due_us = min(due_us, excluded.due_us);

-- name: count_held_mails^
-- The number of subjects held for an address.
SELECT count(*) AS subjects FROM held_mails WHERE org_id = :org_id AND address = :address;

-- name: list_due_held_mails
-- The due mails held for an address: the most severe first, then the latest.
SELECT address, severity, subject, text, count, first_us, last_us, due_us FROM held_mails
WHERE org_id = :org_id AND address = :address AND {{is_due}} ORDER BY severity_rank DESC, last_us DESC, id LIMIT :limit;

-- name: tally_due_held_mails^
-- The number of mails due for an address.
SELECT coalesce(sum(count), 0) AS total FROM held_mails WHERE org_id = :org_id AND address = :address AND {{is_due}};

-- name: postpone_held_mails!
-- Postpone less severe mails that are due for an address.
UPDATE held_mails SET due_us = :until_us
WHERE org_id = :org_id AND address = :address AND {{is_due}} AND severity_rank < :below_rank;

-- name: remove_due_held_mails!
-- Remove the mails due for an address.
DELETE FROM held_mails WHERE org_id = :org_id AND address = :address AND {{is_due}};

-- name: remove_sent_held_mails!
-- Remove the messages due for an address at a time, without those that were added to afterwards.
DELETE FROM held_mails WHERE org_id = :org_id AND address = :address AND {{is_due}} AND last_us <= :now_us;

-- name: due_mail_addresses_of_all
-- Addresses with due mails, or chat channels with due messages, the longest due first.
-- org-scope: the worker that mails serves every organisation
SELECT org_id, address FROM held_mails INDEXED BY held_mails_by_due WHERE {{is_due}} AND (address GLOB 'chat:*') = :chats
GROUP BY org_id, address ORDER BY min(due_us) LIMIT :limit;

-- name: drop_mail_windows_of_all!
-- Remove windows that started before a time.
-- org-scope: the worker that removes them serves every organisation
DELETE FROM mail_windows WHERE since_us < :before_us;
