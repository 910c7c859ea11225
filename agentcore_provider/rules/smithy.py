"""What the service accepts as a Smithy target's model: JSON AST, JSON protocols, no streaming."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from agentcore_provider.documents import smithy_model
from agentcore_provider.documents.limits import JSON, Unreadable
from agentcore_provider.documents.pointer import below
from agentcore_provider.documents.smithy_model import listed
from agentcore_provider.problem import Problem
from agentcore_provider.rules import tool_names
from agentcore_provider.rules.source_text import SourceText
from agentcore_provider.rules.tool_schema import INLINE_BYTES, LIMITS, MOST_TOOLS
from agentcore_provider.rules.unknown import UNKNOWN

# The guide takes neither XML nor streams, and this tutorial of AWS deploys the model of S3, which has both. AWS's
# built-in models are no better: that of CloudWatch speaks Query.
S3_SAMPLE = "awslabs/amazon-bedrock-agentcore-samples, 03-transform-smithyapis-into-mcp-tools"
SMITHY = "devguide gateway-building-smithy-targets"
AST = "https://smithy.io/2.0/spec/json-ast.html"
MIXINS = "https://smithy.io/2.0/spec/mixins.html"
S3_BYTES = 10 * INLINE_BYTES
REST_JSON = "aws.protocols#restJson1"
# DynamoDB, which AWS itself offers as a built-in model, speaks nothing else.
OTHER_JSON = ("aws.protocols#awsJson1_0", "aws.protocols#awsJson1_1")
AWS_SERVICE = "aws.api#service"
_PROTOCOLS = ("aws.protocols#", "smithy.protocols#", "alloy#")
# Traits in the namespace of protocols that are none.
_NO_PROTOCOLS = ("aws.protocols#httpChecksum", "aws.protocols#awsQueryCompatible", "aws.protocols#awsQueryError")
_PRELUDE = "smithy.api#"
_MEMBER = re.compile(r"#/shapes/([^/]+)/members/([^/]+)")
_SIMPLE_PARTS = {"list": ("member",), "set": ("member",), "map": ("key", "value")}


def read(source: str | Mapping[str, object]) -> SourceText:
    """A model to validate, whose content is of use to others as well. Raises Unreadable."""
    return SourceText(source, yaml=False)


def validate(
    source: str | Mapping[str, object] | SourceText, *, target: str | None = None, inline: bool | None = None
) -> list[Problem]:
    """Everything the service would refuse or serve badly about a Smithy model.

    source: its text, which gives problems their lines, or the model itself; or either, read already.
    target: the target's name, for the length of the names that clients see; problems of it are at path "name".
    inline: whether it travels within the request (1 MB) or through S3 (10 MB). Default: not decided.
    Paths of problems are JSON pointers.
    """
    try:
        text = source if isinstance(source, SourceText) else read(source)
    except Unreadable as error:
        return [_not_json(source, error)]
    if not isinstance(text.document, Mapping):
        return [_problem("", "#", "is not an object", "Give a Smithy model in JSON AST.", AST)]
    found = [*_size(text.size, inline), *_model(text.document)]
    found += tool_names.validate(target, tools(text.document))
    return [_with_line(problem, text) for problem in found]


def tools(model: Mapping[str, object]) -> list[tuple[str, str]]:
    """Where each tool's name stands, and the name: that of its operation."""
    listed = smithy_model.service_operations(smithy_model.shapes_of(model))
    return [(below("#/shapes", name), name.rpartition("#")[2]) for name, _ in listed]


def _not_json(source: object, error: Unreadable) -> Problem:
    """Why a text is not a model: Smithy's own language and YAML are not taken."""
    start = source.lstrip() if isinstance(source, str) else ""
    if error.source == JSON and start.startswith(("$version", "namespace", "metadata", "//")):
        return _problem("", "#", "is Smithy IDL, and the service takes JSON AST", "Convert it with smithy ast.", SMITHY)
    return error.problem


def _size(size: int, inline: bool | None) -> Iterator[Problem]:
    if size > S3_BYTES:
        message = f"is {size} bytes, over the 10 MB of a model"
        yield _problem("schema-size", "#", message, "Leave out operations that nobody calls.", SMITHY)
    elif size > INLINE_BYTES and inline is not False:
        message = f"is {size} bytes, over the 1 MB of an inline model"
        problem = _problem("schema-size", "#", message, "Put the model in S3, which takes 10 MB.", LIMITS)
        yield problem if inline else _as_warning(problem)


def _model(model: Mapping[str, object]) -> Iterator[Problem]:
    version, shapes = model.get("smithy"), model.get("shapes")
    if version is None:
        yield _problem("smithy-version", "#", "does not say which version of Smithy it is", 'Add "smithy": "2.0".', AST)
    elif version is not UNKNOWN and str(version) not in ("1", "1.0", "2", "2.0"):
        yield _problem("smithy-version", "#/smithy", f"is version {version}", "Use 1.0 or 2.0.", AST)
    if shapes is UNKNOWN:
        return
    if not isinstance(shapes, Mapping) or not shapes:
        yield _problem(
            "shapes", "#" if shapes is None else "#/shapes", "has no shapes", "Give an object of shapes.", AST
        )
        return
    declared = shapes
    try:
        shapes = smithy_model.flattened(declared)
    except Unreadable as error:
        yield error.problem
        return
    yield from _references(declared)
    if shapes is not declared and _contains_unknown(declared):
        # A mixin that is not known yet may say anything about the shapes that it is mixed into.
        return
    yield from _parts(shapes)
    services = list(smithy_model.services(shapes))
    unsure = any(it is UNKNOWN or (isinstance(it, Mapping) and it.get("type") is UNKNOWN) for it in shapes.values())
    if not services and not unsure:
        yield _problem("service", "#/shapes", "has no service", "Add a shape of type service.", SMITHY)
    for name, service in services:
        for problem in _service(name, service, shapes, unsure=unsure or _contains_unknown(service)):
            yield _placed(problem, declared)
    if len(services) > 1:
        message = f"has {len(services)} services: {', '.join(name for name, _ in services)}"
        yield _as_warning(_problem("service", "#/shapes", message, "Give one model for each target.", SMITHY))


def _placed(problem: Problem, declared: Mapping[str, object]) -> Problem:
    """The problem of an inherited member where the mixin has it."""
    found = _MEMBER.fullmatch(problem.path)
    if found is None:
        return problem
    name, member = (it.replace("~1", "/").replace("~0", "~") for it in found.groups())
    return replace(problem, path=below("#/shapes", smithy_model.declaring(declared, name, member), "members", member))


def _contains_unknown(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_contains_unknown(it) for it in value.values())
    return any(_contains_unknown(it) for it in value) if isinstance(value, list) else value is UNKNOWN


def _service(
    name: str, service: Mapping[str, object], shapes: Mapping[str, object], *, unsure: bool
) -> Iterator[Problem]:
    """A service and its operations. unsure: whether parts of it are not known yet."""
    where = below("#/shapes", name)
    traits = service.get("traits")
    if traits is not UNKNOWN:
        yield from _protocol(name, traits if isinstance(traits, Mapping) else {}, where)
    traits = traits if isinstance(traits, Mapping) else {}
    of_aws = AWS_SERVICE in traits
    if not name.startswith("com.amazonaws.") and not of_aws:
        message = f"{name} is not an AWS service, and AWS's documents disagree whether another one may be called"
        yield _as_warning(_problem("aws-service", where, message, "Use an OpenAPI target if the target fails.", SMITHY))
    named = smithy_model.operations(service, shapes)
    operations = [(it, shape) for it in named if isinstance(shape := shapes.get(it), Mapping)]
    if not operations and not unsure:
        message = f"{name} has no operation, so the target would have no tool"
        yield _problem("tool-count", where, message, "Add operations to it.", SMITHY)
    elif len(operations) > MOST_TOOLS:
        message = f"{name} has {len(operations)} operations, over the {MOST_TOOLS} tools of a target"
        yield _problem("tool-count", where, message, "Spread them over several targets.", LIMITS)
    for operation, shape in operations:
        if REST_JSON in traits:
            yield from _http(operation, shape)
        for problem in _streams(operation, shape, shapes):
            yield _as_warning(problem, S3_SAMPLE) if of_aws else problem


def _protocol(name: str, traits: Mapping[str, object], where: str) -> Iterator[Problem]:
    spoken = [it for it in traits if str(it).startswith(_PROTOCOLS) and it not in _NO_PROTOCOLS]
    if REST_JSON in spoken:
        return
    if not spoken:
        message = f"{name} names no protocol, and the service takes RestJson"
        yield _problem("protocol", where, message, f"Add the trait {REST_JSON}.", SMITHY)
        return
    protocols = ", ".join(str(it).partition("#")[2] for it in spoken)
    problem = _problem(
        "protocol",
        below(where, "traits", spoken[0]),
        f"{name} uses {protocols}, and the service supports RestJson",
        "Use an OpenAPI target or a Lambda function instead.",
        SMITHY,
    )
    if any(it in OTHER_JSON for it in spoken):
        yield _as_warning(problem)
    else:
        yield _as_warning(problem, S3_SAMPLE) if AWS_SERVICE in traits else problem


def _http(name: str, operation: Mapping[str, object]) -> Iterator[Problem]:
    """Method and path, without which RestJson has no request."""
    traits = operation.get("traits")
    http = traits.get("smithy.api#http") if isinstance(traits, Mapping) else traits
    if http is UNKNOWN or _contains_unknown(http):
        return
    if not isinstance(http, Mapping) or not all(isinstance(http.get(it), str) for it in ("method", "uri")):
        message = f"{name} has no trait smithy.api#http with method and uri, which RestJson needs"
        source = "https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html"
        yield _problem("http-trait", below("#/shapes", name), message, "Give it method and uri.", source)


def _streams(name: str, operation: Mapping[str, object], shapes: Mapping[str, object]) -> Iterator[Problem]:
    for side in ("input", "output"):
        structure = smithy_model.target(operation.get(side))
        content = shapes.get(structure) if structure else None
        members = content.get("members") if isinstance(content, Mapping) else None
        for member, reference in members.items() if isinstance(members, Mapping) else ():
            if _is_stream(reference, shapes):
                message = f"{member} of the {side} of {name} is streamed, which is not supported"
                cure = "Leave the operation out of the model."
                yield _problem(
                    "streaming", below("#/shapes", structure or "", "members", member), message, cure, SMITHY
                )


def _is_stream(member: object, shapes: Mapping[str, object]) -> bool:
    """Whether a member is a stream, by its own trait (Smithy 1.0) or its shape's."""
    shape = shapes.get(smithy_model.target(member) or "")
    return any("smithy.api#streaming" in smithy_model.traits(it) for it in (member, shape))


def _references(shapes: Mapping[str, object]) -> Iterator[Problem]:
    """Targets that are not in the model."""
    for name, shape in shapes.items():
        if isinstance(shape, Mapping):
            for where, target in _targets(shape, below("#/shapes", name)):
                if target not in shapes and not target.startswith(_PRELUDE):
                    yield _problem(
                        "reference", where, f"{target} is not in the model", "Add the shape, or correct its name.", AST
                    )
                elif (
                    "/mixins/" not in where
                    and isinstance(shape_there := shapes.get(target), Mapping)
                    and smithy_model.is_mixin(shape_there)
                ):
                    cure = "Refer to a shape that it is mixed into."
                    yield _problem("reference", where, f"{target} is a mixin and no shape of its own", cure, MIXINS)


def _parts(shapes: Mapping[str, object]) -> Iterator[Problem]:
    """Shapes that lack what they are made of."""
    for name, shape in shapes.items():
        where = below("#/shapes", name)
        if shape is UNKNOWN:
            continue
        if not isinstance(shape, Mapping):
            yield _problem("shapes", where, "is not an object", "Give a shape of JSON AST.", AST)
            continue
        kind = shape.get("type")
        for part in _SIMPLE_PARTS.get(kind, ()) if isinstance(kind, str) else ():
            if (
                shape.get(part) is not UNKNOWN
                and smithy_model.target(shape.get(part)) is None
                and not _contains_unknown(shape)
            ):
                yield _problem("shapes", where, f"{name} is a {kind} without {part}", "Add it.", AST)
        if kind in ("enum", "intEnum") and not shape.get("members"):
            yield _problem("shapes", where, f"{name} is an {kind} without values", "Add members.", AST)


def _targets(shape: Mapping[str, object], where: str) -> Iterator[tuple[str, str]]:
    """Every reference of a shape to another one, and where it stands."""
    for member in ("input", "output", "member", "key", "value", *smithy_model.LIFECYCLE):
        target = smithy_model.target(shape.get(member))
        if target:
            yield below(where, member, "target"), target
    for several in ("operations", "collectionOperations", "resources", "errors", "mixins"):
        for index, reference in enumerate(listed(shape, several)):
            target = smithy_model.target(reference)
            if target:
                yield below(where, several, index, "target"), target
    for several in ("members", "identifiers", "properties"):
        named = shape.get(several)
        for name, reference in named.items() if isinstance(named, Mapping) else ():
            target = smithy_model.target(reference)
            if target:
                yield below(where, several, name, "target"), target


def _problem(code: str, path: str, message: str, cure: str, source: str) -> Problem:
    return Problem(path, message, cure, source, code=code)


def _as_warning(problem: Problem, unlike: str | None = None) -> Problem:
    """The problem as one about which there is doubt. unlike: a source that says otherwise."""
    source = f"{problem.source}; {unlike} has it" if unlike else problem.source
    return replace(problem, severity="warning", source=source)


def _with_line(problem: Problem, text: SourceText) -> Problem:
    line = text.line(problem.path) if problem.path.startswith("#/") else None
    if line is None:
        return problem
    return replace(problem, message=f"line {line}: {problem.message}")
