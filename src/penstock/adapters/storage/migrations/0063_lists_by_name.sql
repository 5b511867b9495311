-- Lists of which an organisation may have thousands of rows are read in the order of their names, a page at a time.
CREATE INDEX api_keys_sorted_by_name ON api_keys (org_id, name COLLATE NOCASE, id);
CREATE INDEX customers_sorted_by_name ON customers (org_id, name COLLATE NOCASE, id);
CREATE INDEX residents_sorted_by_name ON residents (org_id, customer_id, name COLLATE NOCASE, id);
CREATE INDEX invitations_sorted_by_email ON invitations (org_id, email COLLATE NOCASE, id);
CREATE INDEX inbox_addresses_sorted_by_label ON inbox_addresses (org_id, label COLLATE NOCASE, id);
CREATE INDEX webhook_endpoints_sorted_by_name ON webhook_endpoints (org_id, name COLLATE NOCASE, id);
CREATE INDEX rules_sorted_by_name ON rules (org_id, name COLLATE NOCASE, id);
CREATE INDEX tariffs_sorted_by_name ON tariffs (org_id, name COLLATE NOCASE, id);
CREATE INDEX memberships_sorted_by_joining ON memberships (org_id, created_us, user_id);
