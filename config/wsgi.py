"""The WSGI entry point of the web process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from config.start import refuse_bad_configuration  # noqa: E402 - checks need the apps, loaded by the line above

refuse_bad_configuration()
