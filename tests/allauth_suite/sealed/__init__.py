"""The sealed variant: the vault, with its own database, under allauth."""
