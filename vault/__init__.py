"""The vault: keys, sealed fields and blind indexes. It knows nothing of the project above it."""
