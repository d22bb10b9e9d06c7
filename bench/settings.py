"""The project's settings, with the three kinds of stored person beside its own apps."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as PROJECT_APPS

INSTALLED_APPS = [*PROJECT_APPS, "bench"]
VAULT_KEYS_IN_MEMORY = 20_000
