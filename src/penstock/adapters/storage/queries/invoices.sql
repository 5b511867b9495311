-- name: take_invoice_numbers^
-- Take the next numbers of a series; returns the last of them.
INSERT INTO invoice_series (org_id, series, last) VALUES (:org_id, :series, :count)
ON CONFLICT (org_id, series) DO UPDATE SET last = last + :count
RETURNING last;

-- name: add_invoice!
-- Add an invoice or credit note.
INSERT INTO invoices (id, org_id, number, kind, state, customer_id, resident_id, period, begin_us, end_us, body)
VALUES (:id, :org_id, :number, :kind, 'open', :customer_id, :resident_id, :period, :begin_us, :end_us, :body);

-- name: add_invoice_device!
-- Note that readings of a device are in an invoice.
INSERT INTO invoice_devices (org_id, device_id, invoice_id) VALUES (:org_id, :device_id, :invoice_id);

-- name: add_invoice_correction!
-- Note that an invoice corrects an earlier one.
INSERT INTO invoice_corrections (org_id, corrected_id, invoice_id) VALUES (:org_id, :corrected_id, :invoice_id);

-- fragment: invoice_columns
    body, state, paid_us, paid_note, cancelled_by, cancelled_us

-- name: find_invoice^
-- One invoice by id.
SELECT {{invoice_columns}} FROM invoices WHERE org_id = :org_id AND id = :id;

-- name: find_invoice_by_number
-- The invoice with a number, if it passes the other filters.
SELECT {{invoice_columns}} FROM invoices
WHERE org_id = :org_id AND number = :number AND id < :before_id
    AND (:customer_id IS NULL OR customer_id = :customer_id) AND (:resident_id IS NULL OR resident_id = :resident_id)
    AND (:period IS NULL OR period = :period) AND (:state IS NULL OR state = :state);

-- name: list_invoices
-- Invoices, newest first, before one.
SELECT {{invoice_columns}} FROM invoices
WHERE org_id = :org_id AND id < :before_id
    AND (:period IS NULL OR period = :period) AND (:state IS NULL OR state = :state)
ORDER BY id DESC LIMIT :limit;

-- name: list_invoices_of_customer
-- The invoices of a customer and its residents, newest first, before one.
SELECT {{invoice_columns}} FROM invoices
WHERE org_id = :org_id AND customer_id = :customer_id AND id < :before_id
    AND (:period IS NULL OR period = :period) AND (:state IS NULL OR state = :state)
ORDER BY id DESC LIMIT :limit;

-- name: list_invoices_of_resident
-- The invoices of a resident, newest first, before one.
SELECT {{invoice_columns}} FROM invoices
WHERE org_id = :org_id AND resident_id = :resident_id AND resident_id <> 0 AND id < :before_id
    AND (:customer_id IS NULL OR customer_id = :customer_id)
    AND (:period IS NULL OR period = :period) AND (:state IS NULL OR state = :state)
ORDER BY id DESC LIMIT :limit;

-- name: list_billed_periods
-- The periods that were billed to an account and overlap a range.
SELECT id, number, begin_us, end_us FROM invoices
WHERE org_id = :org_id AND customer_id = :customer_id AND resident_id = :resident_id AND begin_us < :end_us
    AND end_us > :begin_us AND kind = 'invoice' AND state <> 'cancelled'
ORDER BY begin_us;

-- name: set_invoice_state!
-- Store the state of an invoice.
UPDATE invoices SET
    state = :state, paid_us = :paid_us, paid_note = :paid_note, cancelled_by = :cancelled_by, cancelled_us = :cancelled_us
WHERE org_id = :org_id AND id = :id;

-- name: list_correcting_invoices
-- The invoices that have corrections of one, oldest first.
SELECT {{i.invoice_columns}} FROM invoice_corrections AS c
INNER JOIN invoices AS i ON i.id = c.invoice_id AND i.org_id = :org_id
WHERE c.org_id = :org_id AND c.corrected_id = :id AND i.state <> 'cancelled' ORDER BY c.invoice_id;

-- name: find_closed_until^
-- The latest end of an invoiced period, and the latest invoice.
SELECT
    (SELECT end_us FROM invoices WHERE org_id = :org_id ORDER BY end_us DESC LIMIT 1) AS end_us,
    (SELECT id FROM invoices WHERE org_id = :org_id ORDER BY id DESC LIMIT 1) AS id;

-- name: find_invoice_position^
-- Up to which change and reading invoices were marked.
SELECT change_id, seq FROM invoice_positions WHERE org_id = :org_id;

-- name: set_invoice_position!
-- Record up to which change and reading invoices were marked.
INSERT INTO invoice_positions (org_id, change_id, seq) VALUES (:org_id, :change_id, :seq)
ON CONFLICT (org_id) DO UPDATE SET change_id = excluded.change_id, seq = excluded.seq;

-- name: find_last_consumption_change^
-- The latest change of consumption.
SELECT id FROM consumption_changes WHERE org_id = :org_id ORDER BY id DESC LIMIT 1;

-- name: list_consumption_changes
-- Changes of consumption after one.
SELECT id, device_id, from_us, reason FROM consumption_changes WHERE org_id = :org_id AND id > :after_id ORDER BY id LIMIT :limit;

-- fragment: mark_invoices_where
    INSERT OR IGNORE INTO invoice_rechecks (org_id, customer_id, resident_id, invoice_id, reason)
    SELECT :org_id, customer_id, resident_id, id, :reason FROM invoices
    WHERE org_id = :org_id AND kind = 'invoice' AND state <> 'cancelled'

-- name: mark_invoices_of_device!
-- Mark the invoices that readings of a device from a time on are in.
{{mark_invoices_where}} AND end_us > :from_us
    AND id IN (SELECT invoice_id FROM invoice_devices WHERE org_id = :org_id AND device_id = :device_id);

-- name: mark_invoices_of_periods!
-- Mark the invoices of the customers and residents that had a device in a part of the invoiced time, from a time on.
{{mark_invoices_where}} AND end_us > :from_us AND EXISTS (
    SELECT 1 FROM device_periods AS p
    WHERE p.org_id = :org_id AND p.device_id = :device_id AND p.customer_id = invoices.customer_id
        AND (invoices.resident_id = 0 OR invoices.resident_id = p.resident_id)
        AND p.from_us < invoices.end_us AND (p.to_us IS NULL OR p.to_us > invoices.begin_us)
);

-- name: mark_invoices!
-- Mark invoices.
{{mark_invoices_where}} AND id = :id;

-- name: list_marked_invoices
-- The marked invoices of an account, oldest first, with the reasons.
SELECT i.body, group_concat(r.reason, ', ') AS reason
FROM invoice_rechecks AS r INNER JOIN invoices AS i ON i.id = r.invoice_id AND i.org_id = :org_id
WHERE r.org_id = :org_id AND r.customer_id = :customer_id AND r.resident_id = :resident_id AND i.state <> 'cancelled'
GROUP BY r.invoice_id ORDER BY r.invoice_id LIMIT :limit;

-- name: unmark_invoice!
-- Remove the marks of an invoice.
DELETE FROM invoice_rechecks
WHERE org_id = :org_id AND customer_id = (SELECT customer_id FROM invoices WHERE org_id = :org_id AND id = :id)
    AND resident_id = (SELECT resident_id FROM invoices WHERE org_id = :org_id AND id = :id) AND invoice_id = :id;

-- name: find_invoicing^
-- How a customer is invoiced, and its next automatic closing.
SELECT body, next_period, close_us FROM invoicing WHERE org_id = :org_id AND customer_id = :customer_id;

-- name: set_invoicing!
-- Replace how a customer is invoiced.
INSERT INTO invoicing (customer_id, org_id, body, next_period, close_us)
VALUES (:customer_id, :org_id, :body, :next_period, :close_us)
ON CONFLICT (customer_id) DO UPDATE SET body = excluded.body, next_period = excluded.next_period, close_us = excluded.close_us
WHERE invoicing.org_id = :org_id;

-- name: list_invoicing
-- How customers are invoiced, by customer, after one.
SELECT customer_id, body FROM invoicing WHERE org_id = :org_id AND customer_id > :after_id ORDER BY customer_id LIMIT :limit;

-- name: find_billing_party^
-- The seller or a buyer.
SELECT body FROM billing_parties
WHERE org_id = :org_id AND coalesce(customer_id, 0) = coalesce(:customer_id, 0) AND coalesce(resident_id, 0) = coalesce(:resident_id, 0);

-- name: set_billing_party!
-- Replace the seller or a buyer.
INSERT INTO billing_parties (org_id, customer_id, resident_id, body) VALUES (:org_id, :customer_id, :resident_id, :body)
ON CONFLICT (org_id, coalesce(customer_id, 0), coalesce(resident_id, 0)) DO UPDATE SET body = excluded.body;

-- name: hold_invoice!
-- Hold an account's period, or replace why it is held.
INSERT INTO invoice_holds (id, org_id, customer_id, resident_id, period, begin_us, code, reason, created_us)
VALUES (:id, :org_id, :customer_id, :resident_id, :period, :begin_us, :code, :reason, :created_us)
ON CONFLICT (org_id, customer_id, resident_id, begin_us) DO UPDATE SET code = excluded.code, reason = excluded.reason;

-- fragment: hold_columns
    id, customer_id, resident_id, period, begin_us, code, reason, created_us, released_us, released_by

-- name: find_invoice_hold^
-- One hold by id.
SELECT {{hold_columns}} FROM invoice_holds WHERE org_id = :org_id AND id = :id;

-- name: find_invoice_hold_of^
-- The hold of an account's period.
SELECT {{hold_columns}} FROM invoice_holds
WHERE org_id = :org_id AND customer_id = :customer_id AND resident_id = :resident_id AND begin_us = :begin_us;

-- name: list_invoice_holds
-- Holds by id, after one.
SELECT {{hold_columns}} FROM invoice_holds
WHERE org_id = :org_id AND id > :after_id AND (:customer_id IS NULL OR customer_id = :customer_id) ORDER BY id LIMIT :limit;

-- name: release_invoice_hold!
-- Release a hold.
UPDATE invoice_holds SET released_us = :at_us, released_by = :by WHERE org_id = :org_id AND id = :id;

-- name: end_invoice_hold!
-- Remove the hold of an account's period.
DELETE FROM invoice_holds
WHERE org_id = :org_id AND customer_id = :customer_id AND resident_id = :resident_id AND begin_us = :begin_us;

-- name: create_invoice_run!
-- Add a closing run.
INSERT INTO invoice_runs (id, org_id, state, body) VALUES (:id, :org_id, :state, :body);

-- name: find_invoice_run^
-- One closing run by id.
SELECT body FROM invoice_runs WHERE org_id = :org_id AND id = :id;

-- name: list_invoice_runs
-- Closing runs, newest first, before one.
SELECT body FROM invoice_runs WHERE org_id = :org_id AND id < :before_id ORDER BY id DESC LIMIT :limit;

-- name: update_invoice_run!
-- Store the state and progress of a closing run.
UPDATE invoice_runs SET state = :state, body = :body WHERE org_id = :org_id AND id = :id;

-- name: find_running_invoice_run_of_all^
-- The oldest running closing run.
-- org-scope: one worker closes the periods of every organisation
SELECT org_id, id FROM invoice_runs WHERE state = 'running' ORDER BY id LIMIT 1;

-- name: list_due_invoicing_of_all
-- Automatic closings that are due, earliest first.
-- org-scope: one worker closes the periods of every organisation
SELECT org_id, customer_id, next_period, close_us FROM invoicing WHERE close_us <= :now_us ORDER BY close_us LIMIT :limit;

-- name: list_invoice_positions_of_all
-- The organisations with invoices, after one.
-- org-scope: one worker closes the periods of every organisation
SELECT org_id FROM invoice_positions WHERE org_id > :after_id ORDER BY org_id LIMIT :limit;
