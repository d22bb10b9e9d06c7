"""People: sign-up, their sealed profile, leaving."""
