"""boto3's sessions, which read each service's model once in a process."""

from __future__ import annotations

from functools import cache
from typing import Any


def boto3_session(**settings: str | None) -> Any:
    """A boto3 session. settings: as boto3.Session takes them; None leaves boto3's own chain to decide."""
    import boto3
    import botocore.session

    session = botocore.session.Session()
    # Where models are may depend on the AWS profile.
    if settings.get("profile_name"):
        session.set_config_variable("profile", settings["profile_name"])
    session.register_component("data_loader", _models(session.get_config_variable("data_path")))
    return boto3.Session(botocore_session=session, **settings)


@cache
def _models(data_path: str | None) -> Any:
    """Reads the services' models once for all sessions: each takes longer than making a client."""
    from botocore.loaders import create_loader

    return create_loader(data_path)
