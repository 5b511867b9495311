-- name: create_webhook_endpoint!
-- Add an endpoint.
INSERT INTO webhook_endpoints (id, org_id, project_id, name, url, format, topics, filters, options, header_names, secret_paths,
    sealed, enabled, disabled_reason, since_us, previous_until_us, created_us, updated_us)
VALUES (:id, :org_id, :project_id, :name, :url, :format, :topics, :filters, :options, :header_names, :secret_paths, x'',
    :enabled, :disabled_reason, :since_us, :previous_until_us, :created_us, :updated_us);

-- name: find_webhook_endpoint^
-- One endpoint by id.
SELECT * FROM webhook_endpoints WHERE org_id = :org_id AND id = :id;

-- name: list_webhook_endpoints
-- Endpoints with a text, by default newest first.
-- orders: -created_at id, name name COLLATE NOCASE
SELECT * FROM webhook_endpoints WHERE org_id = :org_id AND {{place}}
    AND (:pattern IS NULL OR name LIKE :pattern ESCAPE '\' OR url LIKE :pattern ESCAPE '\')
    AND (:project_id IS NULL OR project_id = :project_id)
ORDER BY {{order}} LIMIT :limit;

-- name: list_webhook_endpoints_of_all
-- Endpoints of every organisation.
-- org-scope: read once, at the start
SELECT * FROM webhook_endpoints ORDER BY id;

-- name: count_webhook_endpoints^
-- The number of endpoints, and of those of a project and format.
SELECT count(*) AS total, coalesce(sum(project_id = :project_id AND format = :format), 0) AS alike
FROM webhook_endpoints WHERE org_id = :org_id;

-- name: update_webhook_endpoint!
-- Update an endpoint's settings.
UPDATE webhook_endpoints SET project_id = :project_id, name = :name, url = :url, format = :format, topics = :topics,
    filters = :filters, options = :options, header_names = :header_names, secret_paths = :secret_paths,
    sealed = CASE WHEN secret_paths = :secret_paths THEN sealed ELSE x'' END, enabled = :enabled,
    disabled_reason = :disabled_reason, since_us = :since_us, previous_until_us = :previous_until_us, updated_us = :updated_us
WHERE org_id = :org_id AND id = :id;

-- name: set_webhook_health!
-- Update the delivery health of an endpoint.
UPDATE webhook_endpoints SET failures = :failures, failing_since_us = :failing_since_us, open_until_us = :open_until_us
WHERE org_id = :org_id AND id = :id;

-- name: delete_webhook_endpoint!
-- Remove an endpoint. Its messages and attempts are kept until they are old.
DELETE FROM webhook_endpoints WHERE org_id = :org_id AND id = :id;

-- name: end_webhook_messages!
-- End the messages of an endpoint that still wait: they can no longer be sent.
UPDATE webhook_messages SET status = 'expired', body = NULL, settled_us = :now_us
WHERE org_id = :org_id AND endpoint_id = :endpoint_id AND status = 'pending';

-- name: add_webhook_message!
-- Queue a message, unless its event was queued for the endpoint before. A deleted endpoint gets none.
INSERT INTO webhook_messages (id, org_id, endpoint_id, event_key, topic, device_id, project_id, created_us, due_us, body,
    status, attempts, tries, last_status, settled_us, chain, key_version, data_key)
SELECT :id, :org_id, e.id, :event_key, :topic, :device_id, :project_id, :created_us, :due_us, :body,
    :status, :attempts, :tries, :last_status, :settled_us, :chain, :key_version, :data_key
FROM webhook_endpoints AS e WHERE e.org_id = :org_id AND e.id = :endpoint_id
ON CONFLICT (endpoint_id, event_key) DO NOTHING;

-- name: due_webhook_messages
-- Due messages of an endpoint, the longest due first.
SELECT * FROM webhook_messages
WHERE org_id = :org_id AND endpoint_id = :endpoint_id AND status = 'pending' AND {{is_due}}
ORDER BY due_us, id LIMIT :limit;

-- name: due_webhook_messages_in_order
-- The same, but only the oldest waiting message of each device.
SELECT * FROM webhook_messages AS m
WHERE m.org_id = :org_id AND m.endpoint_id = :endpoint_id AND m.status = 'pending' AND {{is_due}}
    AND NOT EXISTS (
        SELECT 1 FROM webhook_messages AS o WHERE o.org_id = :org_id AND o.endpoint_id = m.endpoint_id
            AND o.device_id = m.device_id AND o.id < m.id AND o.status = 'pending')
ORDER BY m.due_us, m.id LIMIT :limit;

-- name: next_due_webhook_message^
-- When the next message of an endpoint is due.
SELECT due_us FROM webhook_messages
WHERE org_id = :org_id AND endpoint_id = :endpoint_id AND status = 'pending' ORDER BY due_us LIMIT 1;

-- name: settle_webhook_message!
-- Record the outcome of an attempt on a message. One that expired meanwhile is not tried again.
UPDATE webhook_messages SET due_us = :due_us, status = iif(:status = 'pending' AND status = 'expired', status, :status), attempts = :attempts, tries = :tries,
    last_status = :last_status, settled_us = :settled_us
WHERE org_id = :org_id AND id = :id;

-- name: add_webhook_attempt!
-- Add an attempt, if its message still exists.
INSERT INTO webhook_attempts (id, org_id, message_id, endpoint_id, at_us, latency_us, status, error, excerpt)
SELECT :id, :org_id, m.id, :endpoint_id, :at_us, :latency_us, :status, :error, :excerpt
FROM webhook_messages AS m WHERE m.org_id = :org_id AND m.id = :message_id;

-- name: find_webhook_message^
-- One message by id.
SELECT * FROM webhook_messages WHERE org_id = :org_id AND id = :id;

-- name: list_webhook_messages
-- Messages by filter, newest first; ids sort by time of queueing.
SELECT * FROM webhook_messages
WHERE org_id = :org_id AND id < :before_id AND id >= :from_id
    AND (:endpoint_id IS NULL OR endpoint_id = :endpoint_id)
    AND (:status IS NULL OR status = :status)
    AND (:topic IS NULL OR topic = :topic)
    AND (:topic_prefix IS NULL OR substr(topic, 1, length(:topic_prefix)) = :topic_prefix)
ORDER BY id DESC LIMIT :limit;

-- name: list_webhook_message_topics
-- The topics of messages with a payload, by filter.
SELECT DISTINCT topic FROM webhook_messages
WHERE org_id = :org_id AND id < :before_id AND id >= :from_id AND body IS NOT NULL
    AND (:endpoint_id IS NULL OR endpoint_id = :endpoint_id)
    AND (:status IS NULL OR status = :status)
    AND (:topic IS NULL OR topic = :topic)
    AND (:topic_prefix IS NULL OR substr(topic, 1, length(:topic_prefix)) = :topic_prefix);

-- name: replay_webhook_message!
-- Make one message due again.
UPDATE webhook_messages SET status = 'pending', tries = 0, due_us = :due_us, settled_us = NULL
WHERE org_id = :org_id AND id = :id AND body IS NOT NULL;

-- name: replay_webhook_messages!
-- Make messages of an endpoint due again, by filter.
UPDATE webhook_messages SET status = 'pending', tries = 0, due_us = :due_us, settled_us = NULL
WHERE org_id = :org_id AND endpoint_id = :endpoint_id AND id < :before_id AND id >= :from_id AND body IS NOT NULL
    AND (:status IS NULL OR status = :status)
    AND (:topic IS NULL OR topic = :topic)
    AND (:topic_prefix IS NULL OR substr(topic, 1, length(:topic_prefix)) = :topic_prefix);

-- name: list_webhook_attempts
-- Attempts of a message, newest first, before one.
SELECT id, message_id, endpoint_id, at_us, latency_us, status, error, excerpt FROM webhook_attempts
WHERE org_id = :org_id AND message_id = :message_id AND id < :before_id ORDER BY id DESC LIMIT :limit;

-- name: drop_webhook_bodies!
-- Remove the payloads of messages from before an id. Messages that still wait can no longer be sent.
UPDATE webhook_messages SET body = NULL, status = iif(status = 'pending', 'expired', status),
    settled_us = iif(status = 'pending', :now_us, settled_us)
WHERE org_id = :org_id AND id IN (
    SELECT m.id FROM webhook_messages AS m WHERE m.org_id = :org_id AND m.id < :before_id AND m.body IS NOT NULL LIMIT :limit);

-- name: drop_webhook_messages!
-- Remove messages, with their attempts, from before an id.
DELETE FROM webhook_messages WHERE org_id = :org_id AND id IN (
    SELECT m.id FROM webhook_messages AS m WHERE m.org_id = :org_id AND m.id < :before_id LIMIT :limit);

-- name: gather_webhook_reading!
-- Store a reading for a batch, unless it is waiting already. A deleted endpoint gets none.
INSERT INTO webhook_gathered (org_id, endpoint_id, event_key, body, created_us)
SELECT :org_id, e.id, :event_key, :body, :created_us
FROM webhook_endpoints AS e WHERE e.org_id = :org_id AND e.id = :endpoint_id
ON CONFLICT (endpoint_id, event_key) DO NOTHING;

-- name: list_gathered_webhook_readings
-- Readings that wait for a batch of an endpoint, in the order of the log.
SELECT id AS place, endpoint_id, event_key, body, created_us FROM webhook_gathered
WHERE org_id = :org_id AND endpoint_id = :endpoint_id ORDER BY id LIMIT :limit;

-- name: drop_gathered_webhook_readings!
-- Remove readings that are now in a batch.
DELETE FROM webhook_gathered WHERE org_id = :org_id AND endpoint_id = :endpoint_id AND id <= :up_to_id;

-- name: add_webhook_hours!
-- Count delivered messages of a project by hour.
INSERT INTO usage_webhooks (org_id, hour_us, project_id, webhooks) VALUES (:org_id, :hour_us, :project_id, :webhooks)
ON CONFLICT (org_id, hour_us, project_id) DO UPDATE SET webhooks = webhooks + excluded.webhooks;

-- name: add_webhook_days!
-- Count them by day.
INSERT INTO usage_webhook_days (org_id, day_us, project_id, webhooks)
VALUES (:org_id, :hour_us / 86400000000 * 86400000000, :project_id, :webhooks)
ON CONFLICT (org_id, day_us, project_id) DO UPDATE SET webhooks = webhooks + excluded.webhooks;

-- name: drop_webhook_hours!
-- Remove rows that are older.
DELETE FROM usage_webhooks WHERE org_id = :org_id AND hour_us < :before_us;

-- name: list_stale_webhook_messages
-- Data keys of payloads that some versions of the organisation's key wrap.
SELECT id, key_version, data_key FROM webhook_messages
WHERE org_id = :org_id AND key_version > :above AND key_version < :below
    AND (key_version, id) > (:after_key_version, :after_id)
ORDER BY key_version, id LIMIT :limit;

-- name: count_stale_webhook_messages^
-- How many data keys of payloads some versions of the organisation's key wrap.
SELECT count(*) AS total FROM webhook_messages WHERE org_id = :org_id AND key_version > :above AND key_version < :below;

-- name: rewrap_webhook_message!
-- Replace the data key of one of payloads, unless it changed.
UPDATE webhook_messages SET key_version = :key_version, data_key = :data_key
WHERE org_id = :org_id AND id = :id AND data_key = :before;

-- name: newest_key_of_webhook_messages^
-- The newest version of the organisation's key that payloads need.
SELECT key_version AS newest FROM webhook_messages WHERE org_id = :org_id AND key_version IS NOT NULL ORDER BY key_version DESC LIMIT 1;

-- name: next_key_use_of_webhook_messages_of_all^
-- Which versions of its key the next organisation needs for payloads.
-- org-scope: the worker that wraps keys again serves every organisation
SELECT s.org_id, s.key_version AS oldest,
    (SELECT v.key_version FROM webhook_messages AS v WHERE v.org_id = s.org_id AND v.key_version IS NOT NULL ORDER BY v.key_version DESC LIMIT 1) AS newest
FROM webhook_messages AS s WHERE s.org_id > :after AND s.key_version IS NOT NULL ORDER BY s.org_id, s.key_version LIMIT 1;
