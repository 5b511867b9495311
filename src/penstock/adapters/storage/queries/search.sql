-- name: search_devices_by_id
-- Devices whose id is in a range.
SELECT id, name, type AS detail FROM devices
WHERE org_id = :org_id AND id BETWEEN :lowest AND :highest ORDER BY id DESC LIMIT :limit;

-- name: search_devices_by_name
-- Devices whose name is in a range.
SELECT id, name, type AS detail FROM devices
WHERE org_id = :org_id AND name COLLATE NOCASE >= :first AND name COLLATE NOCASE < :last
ORDER BY name COLLATE NOCASE, id LIMIT :limit;

-- name: search_devices_by_identifier
-- Devices with an identifier in a range.
SELECT d.id, d.name, i.kind || ' ' || i.value AS detail
FROM device_identifiers AS i INDEXED BY device_identifiers_by_value CROSS JOIN devices AS d ON d.id = i.device_id AND d.org_id = :org_id
WHERE i.org_id = :org_id AND i.value >= :first AND i.value < :last ORDER BY i.value LIMIT :limit;

-- name: search_devices_by_label
-- Devices with a label whose value is in a range.
SELECT d.id, d.name, l.key || ':' || l.value AS detail
FROM device_labels AS l CROSS JOIN devices AS d ON d.id = l.device_id AND d.org_id = :org_id
WHERE l.org_id = :org_id AND l.key = :key AND l.value >= :first AND l.value < :last ORDER BY l.value, l.device_id LIMIT :limit;

-- name: search_devices_containing
-- Devices whose name contains a text, from A to Z.
SELECT d.id, d.name, d.type AS detail FROM (
    SELECT n.id FROM devices AS n INDEXED BY devices_by_name
    WHERE n.org_id = :org_id AND n.name LIKE :pattern ESCAPE '\' ORDER BY n.name COLLATE NOCASE, n.id LIMIT :limit
) AS f CROSS JOIN devices AS d ON d.id = f.id AND d.org_id = :org_id;

-- fragment: search_order
    ORDER BY name LIKE :prefix ESCAPE '\' DESC, name LIKE :word ESCAPE '\' DESC, name COLLATE NOCASE, id LIMIT :limit

-- name: search_alerts
-- Alerts by name, the best first.
SELECT id, name, severity AS detail FROM alerts
WHERE org_id = :org_id AND (name LIKE :pattern ESCAPE '\' OR description LIKE :pattern ESCAPE '\' OR id BETWEEN :lowest AND :highest)
{{search_order}};

-- name: search_dashboards
-- Dashboards by name, the best first.
SELECT id, name, description AS detail FROM dashboards
WHERE org_id = :org_id AND (name LIKE :pattern ESCAPE '\' OR description LIKE :pattern ESCAPE '\' OR id BETWEEN :lowest AND :highest)
{{search_order}};

-- name: search_rules
-- Rules that are not in the trash by name, the best first.
SELECT id, name, state AS detail FROM rules
WHERE org_id = :org_id AND trashed_us IS NULL AND (name LIKE :pattern ESCAPE '\' OR description LIKE :pattern ESCAPE '\' OR id BETWEEN :lowest AND :highest)
{{search_order}};

-- name: search_connections
-- Connections by name, the best first.
SELECT id, name, type AS detail FROM connections
WHERE org_id = :org_id AND (name LIKE :pattern ESCAPE '\' OR id BETWEEN :lowest AND :highest)
{{search_order}};

-- name: search_customers
-- Customers by name, the best first.
SELECT id, name, tenant_name AS detail FROM customers
WHERE org_id = :org_id AND (name LIKE :pattern ESCAPE '\' OR tenant_name LIKE :pattern ESCAPE '\' OR id BETWEEN :lowest AND :highest)
{{search_order}};

-- name: search_profiles
-- Profiles by name, the best first.
SELECT id, name, trim(device_type || ' ' || model) AS detail FROM profiles
WHERE org_id = :org_id AND (name LIKE :pattern ESCAPE '\' OR model LIKE :pattern ESCAPE '\' OR id BETWEEN :lowest AND :highest)
{{search_order}};

-- name: search_webhooks
-- Webhooks by name, the best first.
SELECT id, name, format AS detail FROM webhook_endpoints
WHERE org_id = :org_id AND (name LIKE :pattern ESCAPE '\' OR id BETWEEN :lowest AND :highest)
{{search_order}};

-- name: search_people
-- Members by name and e-mail, in the order in which they joined: those of an organisation are few.
SELECT u.id, coalesce(nullif(u.name, ''), u.email) AS name, u.email AS detail
FROM memberships AS m CROSS JOIN users AS u ON u.id = m.user_id
WHERE m.org_id = :org_id
    AND (u.name LIKE :pattern ESCAPE '\' OR u.email LIKE :pattern ESCAPE '\' OR u.id BETWEEN :lowest AND :highest)
ORDER BY m.user_id LIMIT :limit;
