-- One segment of the reading log: the readings that arrived on one UTC day.
PRAGMA journal_mode = WAL;
BEGIN IMMEDIATE;

CREATE TABLE segment (
    day TEXT NOT NULL,
    base_seq INTEGER NOT NULL,      -- every reading here has a greater sequence number
    indexed_seq INTEGER NOT NULL,   -- readings up to this number are in the two indexes below
    last_seq INTEGER,               -- written when the segment is sealed
    min_time_us INTEGER,            -- these two bound the event times up to `indexed_seq`; NULL in files of older programs until
    max_time_us INTEGER             -- the next indexing
);

CREATE TABLE readings (
    seq INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    device_id INTEGER NOT NULL,
    time_us INTEGER NOT NULL,
    delay_us INTEGER NOT NULL,      -- arrival time minus time_us; mostly 0, which SQLite stores without a byte
    flags INTEGER NOT NULL,         -- source in the low four bits, 16 = backfill, 128 = the bits from 8 on are a checksum
    kind TEXT,                      -- NULL is telemetry
    channel TEXT,
    dedupe BLOB,
    payload BLOB NOT NULL
);

CREATE TABLE quarantined (
    seq INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL,
    device_id INTEGER NOT NULL,
    time_us INTEGER NOT NULL,
    delay_us INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    kind TEXT,
    channel TEXT,
    dedupe BLOB,
    payload BLOB NOT NULL
);

-- The two indexes are separate tables, filled in large sorted steps (`index_readings`). Updated row by row, with readings of many
-- devices mixed, they would cost four fifths of the ingest rate.
CREATE TABLE readings_by_device (
    device_id INTEGER NOT NULL,
    time_us INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (device_id, time_us, seq)
) WITHOUT ROWID;

CREATE TABLE readings_by_dedupe (
    device_id INTEGER NOT NULL,
    dedupe BLOB NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (device_id, dedupe)
) WITHOUT ROWID;

INSERT INTO segment (day, base_seq, indexed_seq) VALUES ('{day}', {base_seq}, {base_seq});
PRAGMA application_id = {server_number};
PRAGMA user_version = 1;
COMMIT;
