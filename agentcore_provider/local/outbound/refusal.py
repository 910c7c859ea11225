"""Why a credential cannot be had."""

from __future__ import annotations


class CredentialError(Exception):
    """The target cannot be called with the credential it names; the text says why and what to do. No secret in it."""


class SignInNeededError(Exception):
    """The target is called with a token of its user, who has not signed in. `url`: where to."""

    def __init__(self, url: str) -> None:
        super().__init__(f"Sign in at {url}")
        self.url = url


class NotOnLocalAwsError(CredentialError):
    """AWS could get this credential, and local AWS cannot."""
