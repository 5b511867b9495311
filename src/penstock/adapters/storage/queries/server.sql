-- name: find_server^
-- The identity of the data directory.
SELECT id, key_check FROM server;

-- name: create_server!
-- Give a new data directory its identity; one from an older program too, at its next start.
INSERT INTO server (id, key_check) SELECT :id, :key_check WHERE NOT EXISTS (SELECT 1 FROM server);
