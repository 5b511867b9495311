-- name: add_stream_ticket!
-- Add a ticket.
INSERT INTO stream_tickets (digest, org_id, sealed, expires_us)
VALUES (:digest, :org_id, :sealed, :expires_us);

-- name: find_stream_ticket_of_all^
-- The ticket with this digest.
-- org-scope: a ticket is a credential, so the organisation is known only after it was found
SELECT org_id, sealed, expires_us, stream, opened_from FROM stream_tickets WHERE digest = :digest;

-- name: open_stream_ticket!
-- Bind an unused ticket to its stream and client.
UPDATE stream_tickets SET stream = :stream, opened_from = :address, expires_us = :expires_us
WHERE org_id = :org_id AND digest = :digest AND stream IS NULL;

-- name: count_unused_stream_tickets^
-- The number of unused tickets, and when the first and the last of them expire.
SELECT COUNT(*) AS number, MIN(expires_us) AS first_us, MAX(expires_us) AS last_us FROM stream_tickets
WHERE org_id = :org_id AND expires_us > :now_us AND stream IS NULL;

-- name: drop_expired_stream_tickets!
-- Delete expired tickets.
DELETE FROM stream_tickets WHERE org_id = :org_id AND expires_us <= :now_us;

-- name: drop_oldest_stream_tickets!
-- Delete used tickets beyond a number, those that expire first.
DELETE FROM stream_tickets WHERE org_id = :org_id AND digest IN (
    SELECT digest FROM stream_tickets WHERE org_id = :org_id AND stream IS NOT NULL ORDER BY expires_us DESC LIMIT -1 OFFSET :keep
);
