"""The orders API in Django REST framework, described by drf-spectacular."""

import sys

from django.conf import settings
from django.core.management import execute_from_command_line

settings.configure(
    SECRET_KEY="none",
    ROOT_URLCONF="orders",
    INSTALLED_APPS=["rest_framework", "drf_spectacular"],
    REST_FRAMEWORK={"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"},
)
execute_from_command_line(sys.argv)
