-- Usage by customer: of the devices that were placed with it when their readings came.
CREATE TABLE usage_customers (
    org_id INTEGER NOT NULL,
    hour_us INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    data_points INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (org_id, hour_us, customer_id)
) WITHOUT ROWID;

CREATE TABLE usage_customer_days (
    org_id INTEGER NOT NULL,
    day_us INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    data_points INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (org_id, day_us, customer_id)
) WITHOUT ROWID;
