"""Where the server keeps what it knows: one SQLite file, or PostgreSQL."""
