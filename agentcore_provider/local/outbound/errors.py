"""Why a credential is not available."""

from __future__ import annotations


class CredentialError(Exception):
    """The target cannot be called with the credential it names; the text has the reason and the cure, and no secret."""


class SignInNeededError(Exception):
    """The target is called with a token of its user, who is not signed in. `url`: where to."""

    def __init__(self, url: str) -> None:
        super().__init__(f"Sign in at {url}")
        self.url = url


class NotOnLocalAwsError(CredentialError):
    """AWS could get this credential, and local AWS cannot."""
