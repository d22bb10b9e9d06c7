"""django-allauth's own tests, run with a plain and with a sealed e-mail address: `python -m tests.allauth_suite`.

The results must be the same. docs/allauth.md says what is swapped and how to read the table.
"""
