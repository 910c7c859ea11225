"""What travels beside a resource's inputs, under a key that Pulumi hides from its diffs.

urn             the resource's own URN
owner           mark of this one resource of this one stack; check keeps the one that the state holds
named_after     what tells this stack from others of the same name: part of generated names
region          Region of the aws.Provider that the program chose; absent for the stack's
adopt           take over what bears the name, even if somebody else made it
replace_on_changes  inputs of which a change replaces, because the program says so; "*" for all
problems        mistakes that the program's side found: check reports them with its own
gateway         (targets) what the program says of the gateway, as AWS's document
accept          (targets) codes of rules whose errors are to be warnings
cost            (targets) [tools, characters of their tools/list], where the schema is in S3
limits          (targets) {"tools": most tools, "tokens": most tokens} that the program wants of it
gateway_owner   (targets) mark on the gateway, when the program made it
given           of the inputs that check may fill in, what the program says; check takes it out
generated       the inputs that check filled in, not the program
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KEY = "__context"
MAY_BE_GENERATED = ("domain_prefix", "name", "resource_server_identifier")
MANAGED = "__managed"
# Which create of a resource its state tells of.
CREATED = "__created"
# That something of it was missing when AWS was last looked at which no input shows, such as the mark of whose it is.
INCOMPLETE = "__incomplete"


def of(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The context among properties; empty when there is none."""
    context = properties.get(KEY)
    return dict(context) if isinstance(context, Mapping) else {}


def inputs(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties that are documents of the service: no context, no absent value."""
    return {name: value for name, value in properties.items() if not name.startswith("__") and value is not None}


def managed_inputs(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Of a resource's stored outputs, those that were inputs."""
    names = outputs.get(MANAGED)
    return {name: outputs[name] for name in names or () if outputs.get(name) is not None}


def problems(properties: Mapping[str, Any]) -> list[str]:
    """The mistakes that the program's side found, one line each."""
    told = of(properties).get("problems") or ()
    return [line for lines in told if isinstance(lines, str) for line in lines.splitlines()]
