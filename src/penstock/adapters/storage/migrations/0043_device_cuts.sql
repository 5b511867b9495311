-- Connections of a device that the server closed or rejected: how many, when the last, and why.
ALTER TABLE devices ADD COLUMN cut_connections INTEGER NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN cut_us INTEGER;
ALTER TABLE devices ADD COLUMN cut_reason TEXT;
