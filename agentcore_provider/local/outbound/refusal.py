"""Why a credential cannot be had."""

from __future__ import annotations


class CredentialError(Exception):
    """The target cannot be called with the credential it names; the text says why and what to do. No secret in it."""


class NotOnLocalAwsError(CredentialError):
    """AWS could get this credential, and local AWS cannot."""
