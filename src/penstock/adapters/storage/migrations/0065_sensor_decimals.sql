-- How many decimals of a sensor's values people see; NULL: as many as were measured.
ALTER TABLE sensors ADD COLUMN decimals INTEGER;
ALTER TABLE sensor_templates ADD COLUMN decimals INTEGER;
