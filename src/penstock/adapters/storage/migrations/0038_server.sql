-- What identifies a data directory, in one row: a number that its segments carry too, and a value by which its secret.key is
-- recognised without being stored.
CREATE TABLE server (
    id INTEGER NOT NULL,
    key_check BLOB NOT NULL
);
