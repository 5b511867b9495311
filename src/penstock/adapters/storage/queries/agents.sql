-- name: drop_pair_code!
-- Remove a device's pair code.
DELETE FROM pair_codes WHERE org_id = :org_id AND device_id = :device_id;

-- name: create_pair_code!
-- Add a device's pair code.
INSERT INTO pair_codes (device_id, org_id, digest, created_us, expires_us)
VALUES (:device_id, :org_id, :digest, :now_us, :expires_us);

-- name: find_pair_code^
-- A pair code that has not expired.
-- org-scope: the code determines organisation and device
SELECT org_id, device_id, agent_id, token_id FROM pair_codes WHERE digest = :digest AND expires_us > :now_us;

-- name: issue_pair_code!
-- Record the token that was issued for a device's pair code, and the agent it was issued to.
UPDATE pair_codes SET agent_id = :agent_id, token_id = :token_id WHERE org_id = :org_id AND device_id = :device_id;

-- name: drop_issued_pair_code!
-- Remove the pair code for which a token was issued.
DELETE FROM pair_codes WHERE org_id = :org_id AND device_id = :device_id AND token_id = :token_id;

-- name: find_agent_pairing^
-- The pairing of a device.
SELECT device_id, token_id, macaddress, agent_version, paired_us FROM agent_pairings
WHERE org_id = :org_id AND device_id = :device_id;

-- name: find_issued_pair_code^
-- Whether a device has a pair code for which this token was issued.
SELECT 1 FROM pair_codes WHERE org_id = :org_id AND device_id = :device_id AND token_id = :token_id;

-- name: update_agent_pairing!
-- Update what the agent of a device reports about itself.
UPDATE agent_pairings SET macaddress = :macaddress, agent_version = :agent_version
WHERE org_id = :org_id AND device_id = :device_id AND token_id = :token_id;

-- name: create_agent_pairing!
-- Add the pairing of a device.
INSERT INTO agent_pairings (device_id, org_id, token_id, macaddress, agent_version, paired_us)
VALUES (:device_id, :org_id, :token_id, :macaddress, :agent_version, :paired_us);

-- name: drop_agent_pairing!
-- Remove the pairing of a device.
DELETE FROM agent_pairings WHERE org_id = :org_id AND device_id = :device_id;

-- fragment: agent_key_columns
    kid, public, sealed, created_us

-- name: create_agent_key!
-- Add a key that signs agents' tokens.
INSERT INTO agent_keys ({{agent_key_columns}}) VALUES ({{:agent_key_columns}});

-- name: list_agent_keys
-- All keys that sign agents' tokens, newest first.
SELECT {{agent_key_columns}} FROM agent_keys ORDER BY created_us DESC, kid;
