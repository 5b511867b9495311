-- fragment: folder_columns
    id, name, parent_id, created_us, updated_us

-- name: create_dashboard_folder!
-- Add a folder of dashboards.
INSERT INTO dashboard_folders (id, org_id, name, parent_id, created_us, updated_us)
VALUES (:id, :org_id, :name, :parent_id, :created_us, :updated_us);

-- name: find_dashboard_folder^
-- One folder of dashboards.
SELECT {{folder_columns}} FROM dashboard_folders WHERE org_id = :org_id AND id = :id;

-- name: list_dashboard_folders
-- Folders of dashboards oldest first, after one.
SELECT {{folder_columns}} FROM dashboard_folders WHERE org_id = :org_id AND id > :after_id ORDER BY id LIMIT :limit;

-- name: update_dashboard_folder!
-- Store name and parent of a folder.
UPDATE dashboard_folders SET name = :name, parent_id = :parent_id, updated_us = :updated_us WHERE org_id = :org_id AND id = :id;

-- name: delete_dashboard_folder!
-- Remove an empty folder.
DELETE FROM dashboard_folders WHERE org_id = :org_id AND id = :id;

-- name: count_in_dashboard_folder^
-- How many folders and dashboards are in a folder.
SELECT
    (SELECT count(*) FROM dashboard_folders AS f WHERE f.org_id = :org_id AND f.parent_id = :folder_id) AS folders,
    (SELECT count(*) FROM dashboards AS d WHERE d.org_id = :org_id AND d.folder_id = :folder_id) AS dashboards;

-- fragment: dashboard_columns
    d.id, d.name, d.description, d.folder_id, d.project_id, d.view, d.created_us, d.updated_us,
    (SELECT count(*) FROM dashboard_widgets AS w WHERE w.org_id = :org_id AND w.dashboard_id = d.id) AS widget_count

-- fragment: dashboard_filter
    (:folder_id IS NULL OR d.folder_id = :folder_id)
    AND (:project_id IS NULL OR d.project_id = :project_id)
    AND (:pattern IS NULL OR d.name LIKE :pattern ESCAPE '\' OR d.description LIKE :pattern ESCAPE '\')

-- name: create_dashboard!
-- Add a dashboard.
INSERT INTO dashboards (id, org_id, name, description, folder_id, project_id, view, created_us, updated_us)
VALUES (:id, :org_id, :name, :description, :folder_id, :project_id, :view, :created_us, :updated_us);

-- name: find_dashboard^
-- One dashboard.
SELECT {{dashboard_columns}} FROM dashboards AS d WHERE d.org_id = :org_id AND d.id = :id;

-- name: list_dashboards_by_name
-- Dashboards from A to Z by filter, after a given one.
SELECT {{dashboard_columns}} FROM dashboards AS d
WHERE d.org_id = :org_id AND (d.name COLLATE NOCASE, d.id) > (:after, :after_id) AND {{dashboard_filter}}
ORDER BY d.name COLLATE NOCASE, d.id LIMIT :limit;

-- name: list_dashboards_by_update
-- Dashboards by filter, the last changed first, after a given one.
SELECT {{dashboard_columns}} FROM dashboards AS d
WHERE d.org_id = :org_id AND (d.updated_us, d.id) < (:after, :after_id) AND {{dashboard_filter}}
ORDER BY d.updated_us DESC, d.id DESC LIMIT :limit;

-- name: count_dashboards^
-- The number of dashboards.
SELECT count(*) AS total FROM dashboards WHERE org_id = :org_id;

-- name: update_dashboard!
-- Store the changeable columns of a dashboard.
UPDATE dashboards SET
    name = :name, description = :description, folder_id = :folder_id, project_id = :project_id, view = :view,
    updated_us = :updated_us
WHERE org_id = :org_id AND id = :id;

-- name: delete_dashboard!
-- Remove a dashboard with its widgets and share links.
DELETE FROM dashboards WHERE org_id = :org_id AND id = :id;

-- fragment: widget_columns
    w.id, w.dashboard_id, w.title, w.options, w.x, w.y, w.w, w.h, w.created_us, w.updated_us, i.set_us AS image_us

-- name: create_dashboard_widget!
-- Add a widget.
INSERT INTO dashboard_widgets (id, org_id, dashboard_id, title, options, x, y, w, h, created_us, updated_us)
VALUES (:id, :org_id, :dashboard_id, :title, :options, :x, :y, :w, :h, :created_us, :updated_us);

-- name: find_dashboard_widget^
-- One widget.
SELECT {{widget_columns}}
FROM dashboard_widgets AS w LEFT JOIN dashboard_images AS i ON i.org_id = :org_id AND i.widget_id = w.id
WHERE w.org_id = :org_id AND w.id = :id;

-- name: list_dashboard_widgets
-- The widgets of a dashboard, oldest first.
SELECT {{widget_columns}}
FROM dashboard_widgets AS w LEFT JOIN dashboard_images AS i ON i.org_id = :org_id AND i.widget_id = w.id
WHERE w.org_id = :org_id AND w.dashboard_id = :dashboard_id ORDER BY w.id;

-- name: update_dashboard_widget!
-- Store the changeable columns of a widget.
UPDATE dashboard_widgets SET title = :title, options = :options, x = :x, y = :y, w = :w, h = :h, updated_us = :updated_us
WHERE org_id = :org_id AND id = :id;

-- name: place_dashboard_widget!
-- Move a widget.
UPDATE dashboard_widgets SET x = :x, y = :y, w = :w, h = :h WHERE org_id = :org_id AND id = :id;

-- name: delete_dashboard_widget!
-- Remove a widget with its image.
DELETE FROM dashboard_widgets WHERE org_id = :org_id AND id = :id;

-- name: find_dashboard_image^
-- The image of a widget.
SELECT {{image_columns}} FROM dashboard_images WHERE org_id = :org_id AND widget_id = :widget_id;

-- name: set_dashboard_image!
-- Replace the image of a widget.
INSERT INTO dashboard_images (widget_id, org_id, media_type, width, height, content, set_us)
VALUES (:widget_id, :org_id, :media_type, :width, :height, :content, :set_us)
ON CONFLICT (widget_id) DO UPDATE SET
    media_type = excluded.media_type, width = excluded.width, height = excluded.height, content = excluded.content,
    set_us = excluded.set_us
WHERE org_id = :org_id;

-- name: delete_dashboard_image!
-- Remove the image of a widget.
DELETE FROM dashboard_images WHERE org_id = :org_id AND widget_id = :widget_id;

-- fragment: share_columns
    id, dashboard_id, name, prefix, variables, allow_embed, expires_us, creator_kind, creator_id, created_by, project_id,
    created_us, last_used_us, uses

-- name: create_dashboard_share!
-- Add a share link.
INSERT INTO dashboard_shares (
    id, org_id, dashboard_id, name, prefix, digest, variables, allow_embed, expires_us, creator_kind, creator_id, created_by,
    project_id, created_us, last_used_us, uses
) VALUES (
    :id, :org_id, :dashboard_id, :name, :prefix, :digest, :variables, :allow_embed, :expires_us, :creator_kind, :creator_id,
    :created_by, :project_id, :created_us, NULL, 0
);

-- name: find_dashboard_share^
-- One share link.
SELECT {{share_columns}} FROM dashboard_shares WHERE org_id = :org_id AND id = :id;

-- name: find_dashboard_share_by_digest^
-- The share link with a token.
-- org-scope: its token is its owner's, and finds the organisation.
SELECT {{share_columns}}, org_id FROM dashboard_shares WHERE digest = :digest;

-- name: list_dashboard_shares
-- Share links of a dashboard, newest first, older than a given one.
SELECT {{share_columns}} FROM dashboard_shares
WHERE org_id = :org_id AND dashboard_id = :dashboard_id AND id < :before_id
ORDER BY id DESC LIMIT :limit;

-- name: count_dashboard_shares^
-- The number of share links of a dashboard.
SELECT count(*) AS total FROM dashboard_shares WHERE org_id = :org_id AND dashboard_id = :dashboard_id;

-- name: note_dashboard_share_use!
-- Count a use of a share link.
UPDATE dashboard_shares SET uses = uses + 1, last_used_us = :now_us WHERE org_id = :org_id AND id = :id;

-- name: delete_dashboard_share!
-- Remove a share link.
DELETE FROM dashboard_shares WHERE org_id = :org_id AND id = :id;
