"""boto3's sessions, which read each service's model once in a process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any


def boto3_session(credentials: Any = None, **settings: str | None) -> Any:
    """A boto3 session.

    credentials: botocore's object, in place of what settings or the environment name. settings: as boto3.Session takes
    them; None leaves boto3's own chain to decide.
    """
    import boto3
    import botocore.session
    from botocore.credentials import CredentialResolver

    session = botocore.session.Session()
    # Where models are may depend on the AWS profile.
    if settings.get("profile_name"):
        session.set_config_variable("profile", settings["profile_name"])
    session.register_component("data_loader", _models(session.get_config_variable("data_path")))
    if credentials is not None:
        session.register_component("credential_provider", CredentialResolver([_Known(credentials)]))
    return boto3.Session(botocore_session=session, **settings)


@dataclass(frozen=True)
class _Known:
    """What botocore asks for credentials."""

    credentials: Any
    METHOD = "known"

    def load(self) -> Any:
        return self.credentials


@cache
def _models(data_path: str | None) -> Any:
    """Reads the services' models once for all sessions: each takes longer than making a client."""
    from botocore.loaders import create_loader

    return create_loader(data_path)
