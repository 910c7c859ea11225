"""Codes of the rules that a target may do without: what AWS documents or was observed to do, but its API does not state.

A rule of the API's own model has no code: AWS refuses whatever breaks it, so nobody can accept it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from agentcore_provider.problem import Problem, joined
from agentcore_provider.rules.unknown import UNKNOWN

CODES: Mapping[str, str] = {
    # Documents of APIs
    "openapi-version": "a version of OpenAPI other than 3.0 and 3.1, or one that is not written as text",
    "info": "`info` without title or version",
    "security": "`security`, which the gateway does not read",
    "webhooks": "webhooks",
    "callbacks": "callbacks of an operation",
    "links": "links of a response",
    "operation-id": "an operation without `operationId`, or with one that another operation has",
    "operation-reference": "an operation that is a `$ref`",
    "path": "a path that does not begin with a slash",
    "path-parameter": "a `{name}` of a path that is not a required path parameter",
    "parameter": "a parameter without name, place or schema, or in a place that OpenAPI 3 does not have",
    "parameter-style": "a parameter whose form the service does not know: deepObject, matrix, label, content",
    "status-code": "a status code that is a number",
    "media-type": "a media type other than JSON, XML and forms",
    "server": "no server, or one whose address is not a whole HTTP address",
    "server-variable": "a host that is a parameter",
    "private-address": "a server on a private address",
    "unencrypted": "a server with http://",
    "composed-input": "`oneOf`, `anyOf` or `allOf` in what an operation takes",
    "composed-output": "`oneOf` in what an operation answers",
    "recursion": "a schema that contains itself",
    "property-name": "a name of a property or parameter that not every model takes",
    "read-only": "a member that is only read and yet required in what an operation takes",
    "same-name": "a name that a parameter and the body have with two types",
    "words": "an operation without description and summary",
    "reference": "a reference to something that is not in the document",
    "missing-member": "a member that OpenAPI requires",
    "unknown-member": "a member that OpenAPI does not have",
    "wrong-type": "a member of another type than OpenAPI has there",
    "component-name": "a name of a component that OpenAPI does not allow",
    "repetition": "a tag or parameter that is listed twice",
    "yaml-word": "a word of YAML without quotes that the service reads as another value",
    "value": "a value that OpenAPI does not allow there",
    # Smithy models
    "smithy-version": "a version of Smithy other than 1.0 and 2.0",
    "shapes": "a model without shapes",
    "service": "a model without a service, or with several",
    "aws-service": "a service that is not one of AWS",
    "protocol": "a protocol other than RestJson",
    "http-trait": "an operation of RestJson without the trait `smithy.api#http`",
    "streaming": "a member that is streamed",
    # Tools
    "schema-size": "a schema over 1 MB in the request, or over 10 MB in S3",
    "tool-count": "no tool at all, or more than 1,000",
    "tool-name": "a name of a tool that is empty, not unique, or not one that models take",
    "tool-name-length": "a name of a tool over the 64 characters of models, or the 256 of the service",
    "object-on-top": "a tool's schema that is not an object",
    "meaningless-keyword": "a keyword that means nothing for its type",
    "required-name": "a required name that is not a property",
    # The rest of a target
    "tool-filters": "an API Gateway target without a filter",
    "proxy-path": "a `{proxy+}` path as a tool",
    "credentials": "a credential that is not known to reach this kind of target, or none",
    "credential-provider": "a credential provider that does not fit the credential's type",
    "return-url": "the authorization-code grant without a return URL",
    "iam-service": "the gateway's role without the service to sign for, or with one where none belongs",
    "inbound-authorizer": "a credential that does not fit who may call the gateway",
    "function-region": "a Lambda function in another Region than its gateway",
    "restricted-header": "a header that AWS does not pass on to or from targets other than HTTP targets",
    "server-tools": "a list of MCP tools that is not an object with `tools`",
    "listing-mode": "DYNAMIC listing with semantic search or the authorization-code grant",
    "gateway-protocol": "an HTTP target on a gateway with a protocolType",
}
"""What each code stands for."""

_SOURCE = "docs/targets/accept.md"


def unknown(accept: object, path: str = "accept") -> Iterator[Problem]:
    """What is wrong with a list of codes to accept."""
    if accept is None or accept is UNKNOWN:
        return
    if not isinstance(accept, (list, tuple)):
        message = f"is {accept!r}" if isinstance(accept, str) else f"is of type {type(accept).__name__}"
        yield Problem(path, message, 'Give a list of codes, such as ["composed-input"].', _SOURCE)
        return
    for index, code in enumerate(accept):
        if code not in CODES and code is not UNKNOWN:
            wanted = str(code).lower().replace("_", "-").strip("[]")
            near = difflib.get_close_matches(wanted, CODES, n=2, cutoff=0.6)
            cure = f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join(CODES)}."
            yield Problem(joined(path, index), f"there is no code {code!r}", cure, _SOURCE)


def accepted(problems: Sequence[Problem], accept: Sequence[str]) -> list[Problem]:
    """The problems, with those errors as warnings whose codes are accepted."""
    return [
        replace(it, severity="warning", cure=f"Accepted; otherwise: {it.cure}")
        if it.severity == "error" and it.code and it.code in accept
        else it
        for it in problems
    ]
