"""An aws.Provider among Pulumi's options, and what can be known of it.

Its Region, profile and keys are attributes. What it has as JSON (roles, endpoints, default tags) is not: pulumi-aws gives
those attributes no value. So the account that it signs in to is looked up, and compared.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

import pulumi

from agentcore_provider.resources import pulumi_aws as aws

_OWN = "pulumi-python"
_CURE = "Pass region= and profile= or assume_role= to the resource, or to the component that it belongs to"
# Keys that an aws.Provider signs in with, which are not kept in the state of every resource: the stack's configuration
# keys, environment variables.
_KEYS = {
    "access_key": ("accessKey", "AWS_ACCESS_KEY_ID"),
    "secret_key": ("secretKey", "AWS_SECRET_ACCESS_KEY"),
    "token": ("token", "AWS_SESSION_TOKEN"),
}
_accounts: WeakKeyDictionary[pulumi.Resource, pulumi.Output[str]] = WeakKeyDictionary()


def find(opts: pulumi.ResourceOptions | None) -> pulumi.ProviderResource | None:
    """The aws.Provider that a resource gets from its options or its parents.

    None without one, and where a provider for dynamic resources was given, which has all settings by itself.
    """
    return None if _provider(opts, _OWN) else _provider(opts, "aws")


def given(opts: pulumi.ResourceOptions | None) -> pulumi.ProviderResource | None:
    """The provider that counts among those that the options name; None if they name none."""
    return _listed(opts, _OWN) or _listed(opts, "aws")


def chosen(opts: pulumi.ResourceOptions | None) -> pulumi.ProviderResource | None:
    """The provider that counts: one for dynamic resources, else an aws.Provider, else None."""
    return _provider(opts, _OWN) or find(opts)


def argument(provider: pulumi.ProviderResource, name: str) -> pulumi.Output[Any]:
    """An argument of a provider. At preview one that the program leaves out is not known: it might be filled in."""
    return pulumi.Output.from_input(vars(provider).get(name))


def account(provider: pulumi.ProviderResource | None) -> pulumi.Output[str]:
    """The account that an aws.Provider, or without one the stack, signs in to."""
    key: pulumi.Resource | None = provider or pulumi.runtime.get_root_resource()
    if key is None or key not in _accounts:
        found = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(provider=provider)).account_id
        if key is None:
            return found
        _accounts[key] = found
    return _accounts[key]


def problems(opts: pulumi.ResourceOptions | None) -> list[pulumi.Input[str]]:
    """What of the options cannot be done, one line each; an empty line for nothing."""
    if opts is not None and opts.provider is not None and opts.provider.package not in (_OWN, "aws"):
        return [f"provider: one of package {opts.provider.package} has no effect here. Pass an aws.Provider"]
    provider = find(opts)
    # One line for each: of what the program leaves out, a preview does not know that it stays so.
    return [] if provider is None else [_other_key(provider, it) for it in _KEYS]


def _other_key(provider: pulumi.ProviderResource, name: str) -> pulumi.Output[str]:
    key, variable = _KEYS[name]
    config = pulumi.Config("aws").get(key)

    def line(given: str | None) -> str:
        if not given or given in (config, os.environ.get(variable)):
            return ""
        return (
            f"provider: the aws.Provider has an {name} that is not the stack's, and keys of resources are not kept. {_CURE}, "
            f"or sign in the whole stack so (`pulumi config set --secret aws:{key} ...`)"
        )

    # The line names the argument and never its value.
    return pulumi.Output.unsecret(argument(provider, name).apply(line))


def _listed(opts: pulumi.ResourceOptions | None, package: str) -> pulumi.ProviderResource | None:
    listed = (opts.providers if opts else None) or ()
    providers: list[pulumi.ProviderResource | None] = [
        opts.provider if opts else None,
        *(listed.values() if isinstance(listed, Mapping) else listed),
    ]
    return next((it for it in providers if it is not None and it.package == package), None)


def _provider(opts: pulumi.ResourceOptions | None, package: str) -> pulumi.ProviderResource | None:
    """The provider of a package, in Pulumi's own order: the resource's, those listed, the parent's."""
    inherited = opts.parent.get_provider(f"{package}:index:Any") if opts and opts.parent else None
    return _listed(opts, package) or inherited
