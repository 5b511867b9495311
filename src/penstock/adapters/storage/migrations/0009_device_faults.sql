-- Messages of a device that could not be read: how many, when the last, and why.
ALTER TABLE devices ADD COLUMN malformed_messages INTEGER NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN malformed_us INTEGER;
ALTER TABLE devices ADD COLUMN malformed_reason TEXT;
