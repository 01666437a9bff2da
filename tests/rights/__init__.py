"""Who may see and do what: a written table, and one request for every cell of it."""
