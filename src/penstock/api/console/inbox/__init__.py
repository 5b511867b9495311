"""Pages of inboxes: messages, the addresses that receive them, and the accounts at providers of SMS."""
