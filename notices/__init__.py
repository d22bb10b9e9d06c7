"""Notices: what happened to an account, told to its owner in an inbox and by e-mail, once and for sure."""
