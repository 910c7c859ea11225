"""The orders API in django-ninja."""

import sys

from django.conf import settings
from django.core.management import execute_from_command_line

settings.configure(SECRET_KEY="none", ROOT_URLCONF="orders", INSTALLED_APPS=["ninja"])
execute_from_command_line(sys.argv)
