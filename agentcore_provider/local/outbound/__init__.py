"""What a gateway sends to its targets: HTTP requests, and the credentials that go with them.

    http_call.py   a request and its answer, over the network or loopback
    credential.py  puts the credential that a target's configuration names into a request
    caller.py      what of the client's own request may go on to a target

API keys, OAuth tokens and signatures have a file each. Secrets are read from local AWS's token vault.
"""

from __future__ import annotations

from agentcore_provider.local.outbound.caller import NOBODY, Caller
from agentcore_provider.local.outbound.credential import authorize
from agentcore_provider.local.outbound.errors import CredentialError, NotOnLocalAwsError, SignInNeededError
from agentcore_provider.local.outbound.http_call import HttpAnswer, HttpCall, UnreachableError, send

__all__ = [
    "NOBODY",
    "Caller",
    "CredentialError",
    "HttpAnswer",
    "HttpCall",
    "NotOnLocalAwsError",
    "SignInNeededError",
    "UnreachableError",
    "authorize",
    "send",
]
