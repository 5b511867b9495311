-- name: add_device_months!
-- Mark devices as active in the month of their hours, with their EUI and the customer they are assigned to.
INSERT OR IGNORE INTO device_months (org_id, month_us, device_id, customer_id, eui)
SELECT :org_id, n.month_us, n.device_id, (
        SELECT p.customer_id FROM device_placements AS p WHERE p.org_id = :org_id AND p.device_id = n.device_id
    ), coalesce((
        SELECT min(i.value) FROM device_identifiers AS i
        WHERE i.org_id = :org_id AND i.device_id = n.device_id AND i.kind = 'eui'
    ), (SELECT f.eui FROM former_euis AS f WHERE f.org_id = :org_id AND f.device_id = n.device_id))
FROM (
    SELECT DISTINCT unixepoch(json_extract(r.value, '$[1]') / 1000000, 'unixepoch', 'start of month') * 1000000 AS month_us,
        json_extract(r.value, '$[0]') AS device_id
    FROM json_each(:rows) AS r
) AS n
WHERE NOT EXISTS (
    SELECT 1 FROM device_months AS m WHERE m.org_id = :org_id AND m.month_us = n.month_us AND m.device_id = n.device_id
);

-- name: count_active_devices^
-- The number of devices that reported in a month. A meter that was registered again is the same device.
SELECT
    (SELECT count(DISTINCT m.eui) FROM device_months AS m WHERE m.org_id = :org_id AND m.month_us = :month_us)
    + (SELECT count(*) FROM device_months AS m WHERE m.org_id = :org_id AND m.month_us = :month_us AND m.eui IS NULL) AS total;

-- name: list_active_by_customer
-- The number of devices of each customer that reported in a month; those without a customer first. A meter that was registered
-- again belongs to its last customer.
SELECT m.customer_id, c.name, count(*) AS devices
FROM (
    SELECT o.customer_id, row_number() OVER (
            PARTITION BY coalesce(o.eui, o.device_id) ORDER BY o.customer_id IS NULL, o.device_id DESC
        ) AS place
    FROM device_months AS o WHERE o.org_id = :org_id AND o.month_us = :month_us
) AS m
LEFT JOIN customers AS c ON c.id = m.customer_id AND c.org_id = :org_id
WHERE m.place = 1
GROUP BY m.customer_id, c.name ORDER BY m.customer_id;

-- name: move_active_device!
-- Set the customer of a device in a month.
UPDATE device_months SET customer_id = :customer_id
WHERE org_id = :org_id AND month_us = :month_us AND device_id = :device_id;

-- name: clear_active_customer!
-- Remove the customer of its devices in a month.
UPDATE device_months SET customer_id = NULL WHERE org_id = :org_id AND month_us = :month_us AND customer_id = :customer_id;

-- name: find_billed_until^
-- Up to which time months were billed.
SELECT until_us FROM billed_until WHERE org_id = :org_id;

-- name: set_billed_until!
-- Record up to which time months were billed.
INSERT INTO billed_until (org_id, until_us) VALUES (:org_id, :until_us)
ON CONFLICT (org_id) DO UPDATE SET until_us = excluded.until_us;

-- name: add_plan_change!
-- Record a change of the organisation's plan.
INSERT INTO plan_changes (org_id, at_us, plan_before, plan_after) VALUES (:org_id, :at_us, :plan_before, :plan_after);

-- name: find_plan_before^
-- The plan set by the latest change before a time.
SELECT plan_after AS plan FROM plan_changes WHERE org_id = :org_id AND at_us < :at_us ORDER BY at_us DESC, id DESC LIMIT 1;

-- name: find_plan_after^
-- The plan that the first change at or after a time replaced.
SELECT plan_before AS plan FROM plan_changes WHERE org_id = :org_id AND at_us >= :at_us ORDER BY at_us, id LIMIT 1;

-- name: add_statement!
-- Add the statement of a month.
INSERT INTO statements (id, org_id, begin_us, body, created_us) VALUES (:id, :org_id, :begin_us, :body, :created_us);

-- name: find_statement^
-- One statement by id.
SELECT body FROM statements WHERE org_id = :org_id AND id = :id;

-- name: list_statements
-- Statements, latest month first, before one.
SELECT body FROM statements WHERE org_id = :org_id AND begin_us < :before_us ORDER BY begin_us DESC LIMIT :limit;
