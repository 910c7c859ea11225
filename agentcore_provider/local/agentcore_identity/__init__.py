"""The part of AgentCore's data plane by which agents get credentials: API keys, OAuth tokens, tokens of people.

    workload_token.py  who an agent is, and for whom it acts: GetWorkloadAccessToken and the like
    credentials.py     what it gets for that: GetResourceApiKey, GetResourceOauth2Token, CompleteResourceTokenAuth
    call.py            one call, and whether its caller may do what it does

People sign in at the pages of `outbound.identities_endpoint`.
"""

from __future__ import annotations

from agentcore_provider.local.agentcore_identity.operations import SERVICE, has, serve

__all__ = ["SERVICE", "has", "serve"]
