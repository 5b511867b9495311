-- fragment: sms_account_columns
    id, name, kind, settings, secret_paths, created_us, updated_us

-- name: create_sms_account!
-- Add an account.
INSERT INTO sms_accounts (org_id, {{sms_account_columns}}) VALUES (:org_id, {{:sms_account_columns}});

-- name: find_sms_account^
-- One account.
SELECT org_id, {{sms_account_columns}} FROM sms_accounts WHERE org_id = :org_id AND id = :id;

-- name: list_sms_accounts
-- Accounts newest first, older than a given one.
SELECT org_id, {{sms_account_columns}} FROM sms_accounts
WHERE org_id = :org_id AND id < :before_id ORDER BY id DESC LIMIT :limit;

-- name: count_sms_accounts^
-- The number of accounts.
SELECT count(*) AS total FROM sms_accounts WHERE org_id = :org_id;

-- name: update_sms_account!
-- Update an account's changeable columns.
UPDATE sms_accounts SET name = :name, settings = :settings, secret_paths = :secret_paths, updated_us = :updated_us
WHERE org_id = :org_id AND id = :id;

-- name: list_numbers_of_sms_account
-- The numbers in use that send and receive through an account.
SELECT value FROM inbox_addresses
WHERE org_id = :org_id AND account_id = :id AND released_us IS NULL ORDER BY value LIMIT :limit;

-- name: delete_sms_account!
-- Remove an account.
DELETE FROM sms_accounts WHERE org_id = :org_id AND id = :id;

-- name: list_connecting_sms_accounts_of_all
-- The accounts to which Penstock keeps a connection, by id, after one.
-- org-scope: the worker that connects them serves every organisation
SELECT org_id, id FROM sms_accounts WHERE kind = 'smpp' AND id > :after ORDER BY id LIMIT :limit;

-- name: find_sms_account_owner_of_all^
-- Whose an account is.
-- org-scope: a provider that calls names only the account; its signature shows that it may
SELECT org_id, id FROM sms_accounts WHERE id = :id;

-- name: list_sms_parts
-- The parts of a received text in order.
SELECT text_number, place, key_version, data_key, content, received_us FROM sms_parts
WHERE org_id = :org_id AND account_id = :account_id AND sender = :sender AND recipient = :recipient
    AND header_bits = :header_bits AND reference = :reference AND total = :total
ORDER BY place;

-- name: add_sms_part!
-- Add a part of a received text, or replace the one that has its place.
INSERT INTO sms_parts (
    org_id, account_id, sender, recipient, header_bits, reference, total, place, text_number, key_version, data_key, content, received_us
) VALUES (
    :org_id, :account_id, :sender, :recipient, :header_bits, :reference, :total, :place, :text_number, :key_version, :data_key,
    :content, :received_us
)
ON CONFLICT DO UPDATE SET
    text_number = excluded.text_number, key_version = excluded.key_version, data_key = excluded.data_key, content = excluded.content,
    received_us = excluded.received_us
WHERE org_id = :org_id;

-- name: delete_sms_text!
-- Remove the parts of a text.
DELETE FROM sms_parts WHERE org_id = :org_id AND account_id = :account_id AND text_number = :text_number;

-- name: drop_old_sms_parts!
-- Remove old parts, and all but the newest.
DELETE FROM sms_parts WHERE org_id = :org_id AND account_id = :account_id AND (
    received_us < :before_us OR received_us < (
        SELECT received_us FROM sms_parts WHERE org_id = :org_id AND account_id = :account_id
        ORDER BY received_us DESC LIMIT 1 OFFSET :keep
    )
);

-- name: drop_sms_parts_of_all!
-- Remove parts of incomplete texts from before a time.
-- org-scope: one rule applies to every organisation
DELETE FROM sms_parts WHERE received_us < :before_us;
