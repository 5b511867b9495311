-- name: sum_usage^
-- Sums over the hours from a given one.
SELECT coalesce(sum(readings), 0) AS readings, coalesce(sum(data_points), 0) AS data_points FROM usage_projects
WHERE org_id = :org_id AND hour_us >= :from_us;

-- name: sum_sms^
-- SMS since the start of a day.
SELECT coalesce(sum(sms), 0) AS sms FROM usage_project_days WHERE org_id = :org_id AND day_us >= :day_us;

-- name: add_device_hours!
-- Add to devices' counts by hour; rows are a JSON array of [device, hour, readings, data points, bytes].
INSERT INTO usage_devices (org_id, hour_us, device_id, readings, data_points, size_bytes)
SELECT :org_id, json_extract(r.value, '$[1]'), json_extract(r.value, '$[0]'),
    json_extract(r.value, '$[2]'), json_extract(r.value, '$[3]'), json_extract(r.value, '$[4]')
FROM json_each(:rows) AS r WHERE true
ON CONFLICT (org_id, hour_us, device_id) DO UPDATE SET
    readings = readings + excluded.readings, data_points = data_points + excluded.data_points,
    size_bytes = size_bytes + excluded.size_bytes;

-- name: add_device_days!
-- Add to devices' counts by day, from the same rows.
INSERT INTO usage_device_days (org_id, day_us, device_id, readings, data_points, size_bytes)
SELECT :org_id, json_extract(r.value, '$[1]') / 86400000000 * 86400000000, json_extract(r.value, '$[0]'),
    json_extract(r.value, '$[2]'), json_extract(r.value, '$[3]'), json_extract(r.value, '$[4]')
FROM json_each(:rows) AS r WHERE true
ON CONFLICT (org_id, day_us, device_id) DO UPDATE SET
    readings = readings + excluded.readings, data_points = data_points + excluded.data_points,
    size_bytes = size_bytes + excluded.size_bytes;

-- name: add_project_hours!
-- Add to projects' counts by hour, from the same rows. A deleted device is in none.
INSERT INTO usage_projects (org_id, hour_us, project_id, readings, data_points, size_bytes)
SELECT :org_id, json_extract(r.value, '$[1]'), coalesce((
    SELECT d.project_id FROM devices AS d WHERE d.org_id = :org_id AND d.id = json_extract(r.value, '$[0]')
), 0),
    sum(json_extract(r.value, '$[2]')), sum(json_extract(r.value, '$[3]')), sum(json_extract(r.value, '$[4]'))
FROM json_each(:rows) AS r WHERE true GROUP BY 2, 3
ON CONFLICT (org_id, hour_us, project_id) DO UPDATE SET
    readings = readings + excluded.readings, data_points = data_points + excluded.data_points,
    size_bytes = size_bytes + excluded.size_bytes;

-- name: add_project_days!
-- Add to projects' counts by day, from the same rows.
INSERT INTO usage_project_days (org_id, day_us, project_id, readings, data_points, size_bytes)
SELECT :org_id, json_extract(r.value, '$[1]') / 86400000000 * 86400000000, coalesce((
    SELECT d.project_id FROM devices AS d WHERE d.org_id = :org_id AND d.id = json_extract(r.value, '$[0]')
), 0),
    sum(json_extract(r.value, '$[2]')), sum(json_extract(r.value, '$[3]')), sum(json_extract(r.value, '$[4]'))
FROM json_each(:rows) AS r WHERE true GROUP BY 2, 3
ON CONFLICT (org_id, day_us, project_id) DO UPDATE SET
    readings = readings + excluded.readings, data_points = data_points + excluded.data_points,
    size_bytes = size_bytes + excluded.size_bytes;

-- name: add_customer_hours!
-- Add to customers' counts by hour, from the same rows; a device without a placement adds to none.
INSERT INTO usage_customers (org_id, hour_us, customer_id, readings, data_points, size_bytes)
SELECT :org_id, json_extract(r.value, '$[1]'), p.customer_id,
    sum(json_extract(r.value, '$[2]')), sum(json_extract(r.value, '$[3]')), sum(json_extract(r.value, '$[4]'))
FROM json_each(:rows) AS r JOIN device_placements AS p ON p.org_id = :org_id AND p.device_id = json_extract(r.value, '$[0]')
WHERE p.customer_id IS NOT NULL GROUP BY 2, 3
ON CONFLICT (org_id, hour_us, customer_id) DO UPDATE SET
    readings = readings + excluded.readings, data_points = data_points + excluded.data_points,
    size_bytes = size_bytes + excluded.size_bytes;

-- name: add_customer_days!
-- Add to customers' counts by day, from the same rows.
INSERT INTO usage_customer_days (org_id, day_us, customer_id, readings, data_points, size_bytes)
SELECT :org_id, json_extract(r.value, '$[1]') / 86400000000 * 86400000000, p.customer_id,
    sum(json_extract(r.value, '$[2]')), sum(json_extract(r.value, '$[3]')), sum(json_extract(r.value, '$[4]'))
FROM json_each(:rows) AS r JOIN device_placements AS p ON p.org_id = :org_id AND p.device_id = json_extract(r.value, '$[0]')
WHERE p.customer_id IS NOT NULL GROUP BY 2, 3
ON CONFLICT (org_id, day_us, customer_id) DO UPDATE SET
    readings = readings + excluded.readings, data_points = data_points + excluded.data_points,
    size_bytes = size_bytes + excluded.size_bytes;

-- name: add_call_hours!
-- Add to a key's counts by hour.
INSERT INTO usage_calls (org_id, hour_us, key_id, calls, size_bytes, refused)
VALUES (:org_id, :hour_us, :key_id, :calls, :size_bytes, :refused)
ON CONFLICT (org_id, hour_us, key_id) DO UPDATE SET
    calls = calls + excluded.calls, size_bytes = size_bytes + excluded.size_bytes,
    refused = refused + excluded.refused;

-- name: add_call_days!
-- Add to a key's counts by day.
INSERT INTO usage_call_days (org_id, day_us, key_id, calls, size_bytes, refused)
VALUES (:org_id, :hour_us / 86400000000 * 86400000000, :key_id, :calls, :size_bytes, :refused)
ON CONFLICT (org_id, day_us, key_id) DO UPDATE SET
    calls = calls + excluded.calls, size_bytes = size_bytes + excluded.size_bytes,
    refused = refused + excluded.refused;

-- name: add_sms_device_hour!
-- Add SMS to a device's counts by hour.
INSERT INTO usage_devices (org_id, hour_us, device_id, readings, data_points, size_bytes, sms)
SELECT d.org_id, :hour_us, d.id, 0, 0, 0, :sms FROM devices AS d WHERE d.org_id = :org_id AND d.id = :device_id
ON CONFLICT (org_id, hour_us, device_id) DO UPDATE SET sms = sms + excluded.sms;

-- name: add_sms_project_hour!
-- Add SMS to the counts of a device's project by hour. SMS without a device belong to no project.
INSERT INTO usage_projects (org_id, hour_us, project_id, readings, data_points, size_bytes, sms)
VALUES (:org_id, :hour_us, coalesce((
    SELECT d.project_id FROM devices AS d WHERE d.org_id = :org_id AND d.id = :device_id
), 0), 0, 0, 0, :sms)
ON CONFLICT (org_id, hour_us, project_id) DO UPDATE SET sms = sms + excluded.sms;

-- name: add_sms_customer_hour!
-- Add SMS to the counts of a device's customer by hour.
INSERT INTO usage_customers (org_id, hour_us, customer_id, readings, data_points, size_bytes, sms)
SELECT p.org_id, :hour_us, p.customer_id, 0, 0, 0, :sms FROM device_placements AS p
WHERE p.org_id = :org_id AND p.device_id = :device_id AND p.customer_id IS NOT NULL
ON CONFLICT (org_id, hour_us, customer_id) DO UPDATE SET sms = sms + excluded.sms;

-- name: add_sms_device_day!
-- Add SMS to a device's counts by day.
INSERT INTO usage_device_days (org_id, day_us, device_id, readings, data_points, size_bytes, sms)
SELECT d.org_id, :hour_us / 86400000000 * 86400000000, d.id, 0, 0, 0, :sms FROM devices AS d WHERE d.org_id = :org_id AND d.id = :device_id
ON CONFLICT (org_id, day_us, device_id) DO UPDATE SET sms = sms + excluded.sms;

-- name: add_sms_project_day!
-- Add SMS to the counts of a device's project by day. SMS without a device belong to no project.
INSERT INTO usage_project_days (org_id, day_us, project_id, readings, data_points, size_bytes, sms)
VALUES (:org_id, :hour_us / 86400000000 * 86400000000, coalesce((
    SELECT d.project_id FROM devices AS d WHERE d.org_id = :org_id AND d.id = :device_id
), 0), 0, 0, 0, :sms)
ON CONFLICT (org_id, day_us, project_id) DO UPDATE SET sms = sms + excluded.sms;

-- name: add_sms_customer_day!
-- Add SMS to the counts of a device's customer by day.
INSERT INTO usage_customer_days (org_id, day_us, customer_id, readings, data_points, size_bytes, sms)
SELECT p.org_id, :hour_us / 86400000000 * 86400000000, p.customer_id, 0, 0, 0, :sms FROM device_placements AS p
WHERE p.org_id = :org_id AND p.device_id = :device_id AND p.customer_id IS NOT NULL
ON CONFLICT (org_id, day_us, customer_id) DO UPDATE SET sms = sms + excluded.sms;

-- name: usage_by_device_hour
-- Usage by hour and device, after a position.
SELECT hour_us AS start_us, device_id AS subject_id, 0 AS calls, readings, data_points, size_bytes, 0 AS refused, sms
FROM usage_devices WHERE org_id = :org_id AND hour_us < :to_us AND (hour_us, device_id) > (:after_us, :after_id)
ORDER BY hour_us, device_id LIMIT :limit;

-- fragment: usage_of_projects_columns
    start_us, subject_id, 0 AS calls, sum(readings) AS readings, sum(data_points) AS data_points,
    sum(size_bytes) AS size_bytes, 0 AS refused, sum(webhooks) AS webhooks, sum(sms) AS sms

-- name: usage_by_project_hour
-- Usage by hour and project, after a position. Webhook messages without a project are not counted.
SELECT {{usage_of_projects_columns}}
FROM (
    SELECT p.hour_us AS start_us, p.project_id AS subject_id, p.readings, p.data_points, p.size_bytes, 0 AS webhooks, p.sms
    FROM usage_projects AS p
    WHERE p.org_id = :org_id AND p.hour_us < :to_us AND (p.hour_us, p.project_id) > (:after_us, :after_id)
    UNION ALL
    SELECT w.hour_us, w.project_id, 0, 0, 0, w.webhooks, 0 FROM usage_webhooks AS w
    WHERE w.org_id = :org_id AND w.hour_us < :to_us AND (w.hour_us, w.project_id) > (:after_us, :after_id)
)
GROUP BY start_us, subject_id ORDER BY start_us, subject_id LIMIT :limit;

-- name: usage_by_customer_hour
-- Usage by hour and customer, after a position.
SELECT hour_us AS start_us, customer_id AS subject_id, 0 AS calls, readings, data_points, size_bytes, 0 AS refused, sms
FROM usage_customers WHERE org_id = :org_id AND hour_us < :to_us AND (hour_us, customer_id) > (:after_us, :after_id)
ORDER BY hour_us, customer_id LIMIT :limit;

-- name: usage_by_key_hour
-- Usage by hour and key, after a position.
SELECT hour_us AS start_us, key_id AS subject_id, calls, 0 AS readings, 0 AS data_points, size_bytes, refused
FROM usage_calls WHERE org_id = :org_id AND hour_us < :to_us AND (hour_us, key_id) > (:after_us, :after_id)
ORDER BY hour_us, key_id LIMIT :limit;

-- fragment: usage_of_organization_columns
    start_us, 0 AS subject_id, sum(calls) AS calls, sum(readings) AS readings, sum(data_points) AS data_points,
    sum(size_bytes) AS size_bytes, sum(refused) AS refused, sum(webhooks) AS webhooks, sum(sms) AS sms

-- name: usage_by_organization_hour
-- Usage by hour, of the whole organisation, after a position; bytes are those of stored payloads.
SELECT {{usage_of_organization_columns}}
FROM (
    SELECT c.hour_us AS start_us, c.calls, 0 AS readings, 0 AS data_points, 0 AS size_bytes, c.refused, 0 AS webhooks,
        0 AS sms
    FROM usage_calls AS c
    WHERE c.org_id = :org_id AND c.hour_us < :to_us AND (c.hour_us, 0) > (:after_us, :after_id)
    UNION ALL
    SELECT p.hour_us, 0, p.readings, p.data_points, p.size_bytes, 0, 0, p.sms FROM usage_projects AS p
    WHERE p.org_id = :org_id AND p.hour_us < :to_us AND (p.hour_us, 0) > (:after_us, :after_id)
    UNION ALL
    SELECT w.hour_us, 0, 0, 0, 0, 0, w.webhooks, 0 FROM usage_webhooks AS w
    WHERE w.org_id = :org_id AND w.hour_us < :to_us AND (w.hour_us, 0) > (:after_us, :after_id)
)
GROUP BY start_us ORDER BY start_us LIMIT :limit;

-- name: usage_by_device_day
-- Usage by day and device, after a position.
SELECT day_us AS start_us, device_id AS subject_id, 0 AS calls, readings, data_points, size_bytes, 0 AS refused, sms
FROM usage_device_days WHERE org_id = :org_id AND day_us < :to_us AND (day_us, device_id) > (:after_us, :after_id)
ORDER BY day_us, device_id LIMIT :limit;

-- name: usage_by_project_day
-- Usage by day and project, after a position. Webhook messages without a project are not counted.
SELECT {{usage_of_projects_columns}}
FROM (
    SELECT p.day_us AS start_us, p.project_id AS subject_id, p.readings, p.data_points, p.size_bytes, 0 AS webhooks, p.sms
    FROM usage_project_days AS p
    WHERE p.org_id = :org_id AND p.day_us < :to_us AND (p.day_us, p.project_id) > (:after_us, :after_id)
    UNION ALL
    SELECT w.day_us, w.project_id, 0, 0, 0, w.webhooks, 0 FROM usage_webhook_days AS w
    WHERE w.org_id = :org_id AND w.day_us < :to_us AND (w.day_us, w.project_id) > (:after_us, :after_id)
)
GROUP BY start_us, subject_id ORDER BY start_us, subject_id LIMIT :limit;

-- name: usage_by_customer_day
-- Usage by day and customer, after a position.
SELECT day_us AS start_us, customer_id AS subject_id, 0 AS calls, readings, data_points, size_bytes, 0 AS refused, sms
FROM usage_customer_days WHERE org_id = :org_id AND day_us < :to_us AND (day_us, customer_id) > (:after_us, :after_id)
ORDER BY day_us, customer_id LIMIT :limit;

-- fragment: usage_of_keys_columns
    day_us AS start_us, key_id AS subject_id, calls, 0 AS readings, 0 AS data_points, size_bytes, refused

-- name: usage_by_key_day
-- Usage by day and key, after a position.
SELECT {{usage_of_keys_columns}}
FROM usage_call_days WHERE org_id = :org_id AND day_us < :to_us AND (day_us, key_id) > (:after_us, :after_id)
ORDER BY day_us, key_id LIMIT :limit;

-- name: usage_by_organization_day
-- Usage by day, of the whole organisation, after a position; bytes are those of stored payloads.
SELECT {{usage_of_organization_columns}}
FROM (
    SELECT c.day_us AS start_us, c.calls, 0 AS readings, 0 AS data_points, 0 AS size_bytes, c.refused, 0 AS webhooks,
        0 AS sms
    FROM usage_call_days AS c
    WHERE c.org_id = :org_id AND c.day_us < :to_us AND (c.day_us, 0) > (:after_us, :after_id)
    UNION ALL
    SELECT p.day_us, 0, p.readings, p.data_points, p.size_bytes, 0, 0, p.sms FROM usage_project_days AS p
    WHERE p.org_id = :org_id AND p.day_us < :to_us AND (p.day_us, 0) > (:after_us, :after_id)
    UNION ALL
    SELECT w.day_us, 0, 0, 0, 0, 0, w.webhooks, 0 FROM usage_webhook_days AS w
    WHERE w.org_id = :org_id AND w.day_us < :to_us AND (w.day_us, 0) > (:after_us, :after_id)
)
GROUP BY start_us ORDER BY start_us LIMIT :limit;

-- name: usage_of_key
-- Usage of one key by day, after one.
SELECT {{usage_of_keys_columns}}
FROM usage_call_days INDEXED BY usage_call_days_by_key
WHERE org_id = :org_id AND key_id = :key_id AND day_us > :after_us AND day_us < :to_us
ORDER BY day_us LIMIT :limit;

-- name: add_refusals!
-- Add to a count of refusals.
INSERT INTO refusals (org_id, hour_us, limit_name, scope, subject, count)
VALUES (:org_id, :hour_us, :limit, :scope, :subject, :count)
ON CONFLICT (org_id, hour_us, limit_name, subject) DO UPDATE SET count = count + excluded.count;

-- name: list_refusals
-- Counts of refusals by filter, newest hour first, before a position.
SELECT hour_us, limit_name AS "limit", scope, subject, count FROM refusals
WHERE org_id = :org_id AND hour_us >= :from_us AND hour_us < :to_us
    AND (hour_us, limit_name, subject) < (:before_us, :before_limit, :before_subject)
    AND (:limit_name IS NULL OR limit_name = :limit_name)
    AND (:scope IS NULL OR scope = :scope)
    AND (:subject IS NULL OR subject = :subject)
ORDER BY hour_us DESC, limit_name DESC, subject DESC LIMIT :limit;

-- name: drop_device_hours!
-- Remove rows that are older.
DELETE FROM usage_devices WHERE org_id = :org_id AND hour_us < :before_us;

-- name: drop_project_hours!
-- Remove rows that are older.
DELETE FROM usage_projects WHERE org_id = :org_id AND hour_us < :before_us;

-- name: drop_customer_hours!
-- Remove rows that are older.
DELETE FROM usage_customers WHERE org_id = :org_id AND hour_us < :before_us;

-- name: drop_call_hours!
-- Remove rows that are older.
DELETE FROM usage_calls WHERE org_id = :org_id AND hour_us < :before_us;

-- name: drop_refusals!
-- Remove rows that are older.
DELETE FROM refusals WHERE org_id = :org_id AND hour_us < :before_us;

-- name: keep_limit_day!
-- Store the used part of a daily limit.
INSERT INTO limit_days (org_id, name, day, count) VALUES (:org_id, :limit, :day, :count)
ON CONFLICT (org_id, name) DO UPDATE SET day = excluded.day, count = excluded.count;

-- name: list_limit_days
-- The stored limits of a day, for every organisation.
-- org-scope: read once, at the start
SELECT org_id AS subject, name AS "limit", day, count FROM limit_days WHERE day = :day;
