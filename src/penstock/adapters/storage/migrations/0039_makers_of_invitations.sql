-- Who made an invitation, by public id: it ends with its maker, as an API key does. Empty for older ones and for sign-ups.
ALTER TABLE invitations ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
