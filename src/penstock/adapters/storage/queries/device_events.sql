-- name: add_device_event!
-- Add an event of a device, unless one with its kind and key exists, or the device was deleted.
INSERT INTO device_events (id, org_id, device_id, connection_id, kind, time_us, received_us, details, dedupe_key)
SELECT :id, :org_id, d.id, :connection_id, :kind, :time_us, :received_us, :details, :dedupe_key
FROM devices AS d WHERE d.org_id = :org_id AND d.id = :device_id
ON CONFLICT DO NOTHING;

-- name: list_device_events
-- Events of a device newest first, older than a given one.
SELECT id, device_id, connection_id, kind, time_us, received_us, details, dedupe_key FROM device_events
WHERE org_id = :org_id AND device_id = :device_id AND id < :before_id
    AND (:kind IS NULL OR kind = :kind)
    AND (:from_us IS NULL OR time_us >= :from_us) AND (:to_us IS NULL OR time_us < :to_us)
ORDER BY id DESC LIMIT :limit;

-- name: drop_device_events_of_all!
-- Remove events received before a time, a limited number at a time.
-- org-scope: a worker that removes old events of every organisation
DELETE FROM device_events WHERE id IN (
    SELECT e.id FROM device_events AS e WHERE e.received_us < :before_us ORDER BY e.received_us LIMIT :limit
);
