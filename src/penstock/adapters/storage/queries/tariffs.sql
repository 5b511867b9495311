-- name: create_tariff!
-- Add a tariff.
INSERT INTO tariffs (id, org_id, name, currency, versions, created_us, updated_us)
VALUES (:id, :org_id, :name, :currency, :versions, :created_us, :updated_us);

-- fragment: tariff_columns
    id, name, currency, versions, created_us, updated_us

-- name: find_tariff^
-- One tariff by id.
SELECT {{tariff_columns}} FROM tariffs WHERE org_id = :org_id AND id = :id;

-- name: list_tariffs
-- Tariffs with a text, by default oldest first.
-- orders: created_at id, name name COLLATE NOCASE
SELECT {{tariff_columns}} FROM tariffs
WHERE org_id = :org_id AND {{place}} AND (:pattern IS NULL OR name LIKE :pattern ESCAPE '\')
ORDER BY {{order}} LIMIT :limit;

-- name: update_tariff!
-- Update a tariff's changeable columns.
UPDATE tariffs SET name = :name, versions = :versions, updated_us = :updated_us WHERE org_id = :org_id AND id = :id;

-- name: delete_tariff!
-- Remove a tariff.
DELETE FROM tariffs WHERE org_id = :org_id AND id = :id;

-- name: find_assignment_of_tariff^
-- An assignment of a tariff, if there is one.
SELECT id FROM tariff_assignments WHERE org_id = :org_id AND tariff_id = :tariff_id LIMIT 1;

-- name: list_tariff_assignments
-- The tariffs of a customer, or of one of its residents.
SELECT customer_id, resident_id, tariff_id, begin_day, end_day FROM tariff_assignments
WHERE org_id = :org_id AND customer_id = :customer_id AND resident_id IS :resident_id ORDER BY id;

-- name: delete_tariff_assignments!
-- Remove the tariffs of a customer, or of one of its residents.
DELETE FROM tariff_assignments WHERE org_id = :org_id AND customer_id = :customer_id AND resident_id IS :resident_id;

-- name: add_tariff_assignment!
-- Assign a tariff to a customer or resident.
INSERT INTO tariff_assignments (org_id, customer_id, resident_id, tariff_id, begin_day, end_day)
VALUES (:org_id, :customer_id, :resident_id, :tariff_id, :begin_day, :end_day);
