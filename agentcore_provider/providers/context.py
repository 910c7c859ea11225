"""What travels beside a resource's inputs, under a key that Pulumi hides from its diffs.

urn             the resource's own URN
owner           value of the owner tag of this one resource of this one stack; check keeps the one that the state holds
named_after     what distinguishes this stack from others of the same name: part of generated names
region          Region that the program chose for the resource, by an argument or an aws.Provider; absent for the stack's
profile         AWS profile that it chose to sign in with; absent for what the stack signs in with
assume_roles    roles that it chose to assume, each as the aws provider's assumeRoles has it
account         account of the aws.Provider that it chose
adopt           take over what has the name, even if another owner made it
replace_on_changes  inputs of which a change replaces, because the program wants it; "*" for all
problems        problems that the program's side found: check reports them with its own
gateway         (targets) the gateway that the program declares, as AWS's document
accept          (targets) codes of rules whose errors are to be warnings
cost            (targets) [tools, characters of their tools/list], where the schema is in S3
limits          (targets) {"tools": most tools, "tokens": most tokens} that the program wants of it
protect_tools   (targets) whether a change that breaks callers of its tools is an error
tools_lock      (targets) True, or the fingerprint of the tools of its MCP server that are accepted
tools_locked    (targets) fingerprint of the tools that are locked; check sets it
gateway_owner   (targets) owner tag of the gateway, when the program made it
engine_owner    (policies) owner tag of the policy engine, when the program made it
given           of the inputs that check may fill in, those that the program sets; check removes it
generated       the inputs that check filled in, not the program
"""

from __future__ import annotations

from collections.abc import Mapping

from agentcore_provider.aws import tags
from agentcore_provider.aws.documents import Document, Properties
from agentcore_provider.aws.operation import OWNER_TAG
from agentcore_provider.providers.unknowns import contains_unknown

KEY = "__context"
MAY_BE_GENERATED = ("domain_prefix", "name", "resource_server_identifier")
ACCESS = ("region", "profile", "assume_roles", "account")
MANAGED = "__managed"
# Which create of a resource its state is from.
CREATED = "__created"
# That AWS lacked something of it that no input shows, such as the owner tag, when it was last read.
INCOMPLETE = "__incomplete"


def of(properties: Document) -> Properties:
    """The context among properties; empty when there is none."""
    context = properties.get(KEY)
    return dict(context) if isinstance(context, Mapping) else {}


def inputs(properties: Document) -> Properties:
    """The properties that are documents of the service: no context, no absent value."""
    return {name: value for name, value in properties.items() if not name.startswith("__") and value is not None}


def managed_inputs(outputs: Document) -> Properties:
    """Of a resource's stored outputs, those that were inputs."""
    names = outputs.get(MANAGED)
    return {name: outputs[name] for name in names or () if outputs.get(name) is not None}


def access(properties: Document, before: Document | None = None) -> Properties:
    """Region and sign-in that the resource has of its own, as far as they are known.

    before: properties that have what is not known yet; without them it is left out.
    """
    own, old = of(properties), of(before or {})
    found = {it: old.get(it) if contains_unknown(own.get(it)) else own.get(it) for it in ACCESS}
    return {name: value for name, value in found.items() if value}


def problems(properties: Document) -> list[str]:
    """The problems that the program's side found, one line each."""
    found = of(properties).get("problems") or ()
    return [line for lines in found if isinstance(lines, str) for line in lines.splitlines()]


def outputs(declared: Document, made: Document) -> Properties:
    """What goes into state: what AWS returned, below what the program declares."""
    kept = {name: value for name, value in declared.items() if value is not None and name != "__provider"}
    return {**made, **kept, MANAGED: sorted(inputs(kept))}


def unfinished(olds: Document, news: Document) -> Properties:
    """What goes into state when AWS took an update and did not finish it: whatever comes next is a change."""
    made = {name: value for name, value in olds.items() if name not in olds.get(MANAGED, ())}
    return {**outputs(news, made), INCOMPLETE: True}


def created_as(properties: Document) -> Properties:
    """Which create of the resource its state is from, as state has it."""
    return {CREATED: properties[CREATED]} if CREATED in properties else {}


def tag_outputs(found: Mapping[str, str]) -> Properties:
    """Of a resource's tags in AWS, those that a program sets, and whether the owner tag is missing."""
    missing = {} if OWNER_TAG in found else {INCOMPLETE: True}
    return {"tags": tags.without_owner(found), **missing}
