-- The secrets of connections, webhooks and channels move into the vault: at the start, because they have to be encrypted again. Their
-- rows record the paths of the secrets, each with the name of the secret that it refers to, or ''. `sealed` becomes empty.
ALTER TABLE connections ADD COLUMN secret_paths TEXT NOT NULL DEFAULT '{}';
ALTER TABLE webhook_endpoints ADD COLUMN secret_paths TEXT NOT NULL DEFAULT '{}';
ALTER TABLE chat_channels ADD COLUMN secret_paths TEXT NOT NULL DEFAULT '{}';
-- Without secrets: an empty map in MessagePack.
UPDATE connections SET sealed = x'' WHERE sealed = x'80';
CREATE INDEX connections_sealed ON connections (id) WHERE sealed != x'';
CREATE INDEX webhook_endpoints_sealed ON webhook_endpoints (id) WHERE sealed != x'';
CREATE INDEX chat_channels_sealed ON chat_channels (id) WHERE sealed != x'';
-- The uses of a secret in order.
DROP INDEX secret_uses_by_secret;
CREATE INDEX secret_uses_by_secret ON secret_uses (secret_id, owner_kind, owner_id, path);
