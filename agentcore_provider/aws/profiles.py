"""The AWS profiles of this machine, as boto3 reads them from its files.

https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any


def names() -> frozenset[str]:
    """The names of all profiles."""
    return frozenset(_session(None).available_profiles)


def find(name: str) -> Mapping[str, Any]:
    """The settings that a profile has in the files; {} for one that does not exist."""
    from botocore.exceptions import BotoCoreError

    if not name:
        return {}
    try:
        found: Mapping[str, Any] = _session(name).get_scoped_config()
    except BotoCoreError:
        # The first call to AWS reports what is wrong with the files.
        return {}
    return found


def region(name: str | None) -> str | None:
    """The Region that a profile names, None being the default profile; None where it names none."""
    from botocore.exceptions import BotoCoreError

    try:
        found: str | None = _session(name).get_config_variable("region")
    except BotoCoreError:
        # The first call to AWS reports what is wrong with the profile.
        return None
    return found


def _session(name: str | None) -> Any:
    return _read(name, *map(os.environ.get, ("AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")))


@lru_cache
def _read(name: str | None, *_environment: str | None) -> Any:
    import botocore.session

    # A session reads the files once.
    return botocore.session.Session(profile=name)
