-- The version of a device's firmware, as people or programs write it down.
ALTER TABLE devices ADD COLUMN firmware_version TEXT NOT NULL DEFAULT '';
