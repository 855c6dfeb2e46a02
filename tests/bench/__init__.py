"""make bench: what the main steps cost the server, on SQLite and on PostgreSQL."""
