"""The audit log: every change writes an entry in its own transaction, and no entry is ever changed."""
