-- Accounts at providers of SMS. Their credentials are secrets; `secret_paths` has their paths, each with the
-- name of the secret that it refers to, or '' (JSON); `settings` is the rest.
CREATE TABLE sms_accounts (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    settings TEXT NOT NULL,
    secret_paths TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);
CREATE INDEX sms_accounts_by_org ON sms_accounts (org_id, id);
CREATE INDEX sms_accounts_connecting ON sms_accounts (id, org_id) WHERE kind = 'smpp';

-- Parts of received texts that are not complete yet, encrypted with a data key that version `key_version` of the organisation's key wraps.
CREATE TABLE sms_parts (
    org_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL REFERENCES sms_accounts (id) ON DELETE CASCADE,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    header_bits INTEGER NOT NULL,
    reference INTEGER NOT NULL,
    total INTEGER NOT NULL,
    place INTEGER NOT NULL,
    text_number INTEGER NOT NULL,
    key_version INTEGER NOT NULL,
    data_key BLOB NOT NULL,
    content BLOB NOT NULL,
    received_us INTEGER NOT NULL,
    PRIMARY KEY (account_id, sender, recipient, header_bits, reference, total, place)
) WITHOUT ROWID;
CREATE INDEX sms_parts_by_text ON sms_parts (account_id, text_number);
CREATE INDEX sms_parts_by_age ON sms_parts (received_us);
CREATE INDEX sms_parts_by_time ON sms_parts (account_id, received_us);

CREATE INDEX inbox_addresses_by_account ON inbox_addresses (org_id, account_id, value) WHERE account_id IS NOT NULL AND released_us IS NULL;
