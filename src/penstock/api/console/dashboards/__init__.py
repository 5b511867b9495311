"""The pages of dashboards, and what visitors with a share link see."""
