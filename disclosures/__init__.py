"""Requests to disclose protected fields, on seven grounds and no other (clauses 1.2 to 1.3.7)."""
