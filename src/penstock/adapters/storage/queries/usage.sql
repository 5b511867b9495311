-- name: add_usage!
-- Add to the counts of an hour.
INSERT INTO usage_hours (org_id, hour_us, readings, data_points)
VALUES (:org_id, :hour_us, :readings, :data_points)
ON CONFLICT (org_id, hour_us) DO UPDATE SET
    readings = readings + excluded.readings, data_points = data_points + excluded.data_points;

-- name: sum_usage^
-- Sums over the hours from one on.
SELECT coalesce(sum(readings), 0) AS readings, coalesce(sum(data_points), 0) AS data_points FROM usage_hours
WHERE org_id = :org_id AND hour_us >= :from_us;

-- name: add_device_usage!
-- Add to a device's counts of an hour; of one that is gone the project is unknown.
INSERT INTO usage_devices (org_id, hour_us, device_id, project_id, readings, data_points, size_bytes)
VALUES (
    :org_id, :hour_us, :device_id,
    coalesce((SELECT d.project_id FROM devices AS d WHERE d.org_id = :org_id AND d.id = :device_id), 0),
    :readings, :data_points, :size_bytes
)
ON CONFLICT (org_id, hour_us, device_id) DO UPDATE SET
    readings = readings + excluded.readings, data_points = data_points + excluded.data_points,
    size_bytes = size_bytes + excluded.size_bytes;

-- name: add_call_usage!
-- Add to a key's counts of an hour.
INSERT INTO usage_calls (org_id, hour_us, key_id, calls, size_bytes) VALUES (:org_id, :hour_us, :key_id, :calls, :size_bytes)
ON CONFLICT (org_id, hour_us, key_id) DO UPDATE SET
    calls = calls + excluded.calls, size_bytes = size_bytes + excluded.size_bytes;

-- name: usage_by_device
-- Usage by bucket and device.
SELECT hour_us / :bucket_us * :bucket_us AS start_us, device_id AS subject_id, 0 AS calls,
    sum(readings) AS readings, sum(data_points) AS data_points, sum(size_bytes) AS size_bytes
FROM usage_devices WHERE org_id = :org_id AND hour_us >= :from_us AND hour_us < :to_us
GROUP BY 1, 2 HAVING (start_us, subject_id) > (:after_us, :after_id) ORDER BY 1, 2 LIMIT :limit;

-- name: usage_by_project
-- Usage by bucket and project.
SELECT hour_us / :bucket_us * :bucket_us AS start_us, project_id AS subject_id, 0 AS calls,
    sum(readings) AS readings, sum(data_points) AS data_points, sum(size_bytes) AS size_bytes
FROM usage_devices WHERE org_id = :org_id AND hour_us >= :from_us AND hour_us < :to_us
GROUP BY 1, 2 HAVING (start_us, subject_id) > (:after_us, :after_id) ORDER BY 1, 2 LIMIT :limit;

-- name: usage_by_key
-- Usage by bucket and key.
SELECT hour_us / :bucket_us * :bucket_us AS start_us, key_id AS subject_id, sum(calls) AS calls,
    0 AS readings, 0 AS data_points, sum(size_bytes) AS size_bytes
FROM usage_calls WHERE org_id = :org_id AND hour_us >= :from_us AND hour_us < :to_us
GROUP BY 1, 2 HAVING (start_us, subject_id) > (:after_us, :after_id) ORDER BY 1, 2 LIMIT :limit;

-- name: usage_by_organization
-- Usage by bucket, of the whole organisation; bytes are those of payloads stored.
SELECT hour_us / :bucket_us * :bucket_us AS start_us, 0 AS subject_id, sum(calls) AS calls,
    sum(readings) AS readings, sum(data_points) AS data_points, sum(size_bytes) AS size_bytes
FROM (
    SELECT c.hour_us, c.calls, 0 AS readings, 0 AS data_points, 0 AS size_bytes FROM usage_calls AS c
    WHERE c.org_id = :org_id AND c.hour_us >= :from_us AND c.hour_us < :to_us
    UNION ALL
    SELECT h.hour_us, 0, h.readings, h.data_points, 0 FROM usage_hours AS h
    WHERE h.org_id = :org_id AND h.hour_us >= :from_us AND h.hour_us < :to_us
    UNION ALL
    SELECT d.hour_us, 0, 0, 0, d.size_bytes FROM usage_devices AS d
    WHERE d.org_id = :org_id AND d.hour_us >= :from_us AND d.hour_us < :to_us
)
GROUP BY 1 HAVING (start_us, subject_id) > (:after_us, :after_id) ORDER BY 1 LIMIT :limit;

-- name: add_refusals!
-- Add to a line of the ledger.
INSERT INTO refusals (org_id, hour_us, limit_name, scope, subject, count)
VALUES (:org_id, :hour_us, :limit, :scope, :subject, :count)
ON CONFLICT (org_id, hour_us, limit_name, subject) DO UPDATE SET count = count + excluded.count;

-- name: list_refusals
-- The ledger, newest hour first.
SELECT hour_us, limit_name AS "limit", scope, subject, count FROM refusals
WHERE org_id = :org_id AND hour_us >= :from_us ORDER BY hour_us DESC, limit_name, subject LIMIT :limit OFFSET :offset;

-- name: keep_limit_day!
-- Keep how much of a daily limit is used.
INSERT INTO limit_days (org_id, name, day, count) VALUES (:org_id, :name, :day, :count)
ON CONFLICT (org_id, name) DO UPDATE SET day = excluded.day, count = excluded.count;

-- name: list_limit_days
-- What was kept of a day, of every organisation.
-- org-scope: read once, at the start
SELECT org_id, name, count FROM limit_days WHERE day = :day;
