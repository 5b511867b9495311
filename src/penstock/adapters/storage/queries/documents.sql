-- fragment: image_columns
    media_type, content, width, height

-- name: find_logo^
-- The organisation's logo.
SELECT {{image_columns}} FROM organization_logos WHERE org_id = :org_id;

-- name: set_logo!
-- Replace the organisation's logo.
INSERT INTO organization_logos (org_id, media_type, content, width, height, updated_us)
VALUES (:org_id, :media_type, :content, :width, :height, :updated_us)
ON CONFLICT (org_id) DO UPDATE SET
    media_type = excluded.media_type, content = excluded.content, width = excluded.width, height = excluded.height,
    updated_us = excluded.updated_us;

-- name: delete_logo!
-- Remove the organisation's logo.
DELETE FROM organization_logos WHERE org_id = :org_id;

-- fragment: invoice_mail_columns
id, invoice_id, recipient, automatic, created_us, attempts, sent_us, failed_us, error

-- name: add_invoice_mail!
-- Record a mail that sends an invoice; nothing if it is automatic and the invoice already has such a mail.
INSERT INTO invoice_mails (org_id, {{invoice_mail_columns}})
VALUES (:org_id, {{:invoice_mail_columns}})
ON CONFLICT DO NOTHING;

-- name: find_invoice_mail^
-- One mail by id.
SELECT {{invoice_mail_columns}} FROM invoice_mails WHERE org_id = :org_id AND id = :id;

-- name: list_invoice_mails
-- The mails of an invoice, newest first.
SELECT {{invoice_mail_columns}} FROM invoice_mails
WHERE org_id = :org_id AND invoice_id = :invoice_id AND id < :before_id ORDER BY id DESC LIMIT :limit;

-- name: record_invoice_mail!
-- Record an attempt to send a mail.
UPDATE invoice_mails SET attempts = attempts + 1, sent_us = :sent_us, failed_us = :failed_us, error = :error
WHERE org_id = :org_id AND id = :id;
