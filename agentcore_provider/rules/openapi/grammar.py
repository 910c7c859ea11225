"""The objects of OpenAPI 3.0 and 3.1: their members, and those that have to be there.

https://spec.openapis.org/oas/v3.0.3 and https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of object.

    members: by name what a value is: "text" for anything but an object or a list, "any", "list", the name of a kind,
    "[kind]" for a list of it, "{kind}" for an object of any names with such values.
    required: members that have to be there; those in `observed` fail the target.
    section: where components of this kind stand, for references.
    """

    members: Mapping[str, str]
    required: tuple[str, ...] = ()
    observed: tuple[str, ...] = ()
    section: str = ""


def _members(text: str, **kinds: str) -> dict[str, str]:
    return {**dict.fromkeys(text.split(), "any"), **kinds}


_METHODS = dict.fromkeys(("get", "put", "post", "delete", "options", "head", "patch", "trace"), "Operation")
_DOCUMENTATION = Kind(_members("description url"), ("url",))
_HEADER = _members(
    "required deprecated allowEmptyValue style explode allowReserved example",
    description="text",
    schema="Schema",
    content="{Media}",
    examples="{Example}",
)
_SCHEMA = _members(
    "maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength maxItems minItems uniqueItems maxProperties "
    "minProperties nullable readOnly writeOnly deprecated default example additionalProperties multipleOf",
    title="text",
    description="text",
    format="text",
    pattern="text",
    type="text",
    required="list",
    enum="list",
    allOf="[Schema]",
    oneOf="[Schema]",
    anyOf="[Schema]",
    items="Schema",
    properties="{Schema}",
    discriminator="Discriminator",
    xml="Xml",
    externalDocs="Documentation",
    **{"not": "Schema"},
)

KINDS: dict[str, Kind] = {
    "Document": Kind(
        _members(
            "openapi security",
            info="Info",
            servers="[Server]",
            paths="{Path}",
            components="Components",
            tags="[Tag]",
            externalDocs="Documentation",
        )
    ),
    "Info": Kind(_members("title version description termsOfService", contact="Contact", license="License")),
    "Contact": Kind(_members("name url email")),
    "License": Kind(_members("name url")),
    "Server": Kind(_members("url description", variables="{Variable}")),
    "Variable": Kind(_members("enum default description"), ("default",)),
    "Tag": Kind(_members("name description", externalDocs="Documentation"), ("name",)),
    "Documentation": _DOCUMENTATION,
    "Path": Kind(_members("$ref summary description", servers="[Server]", parameters="[Parameter]", **_METHODS)),
    "Operation": Kind(
        _members(
            "deprecated operationId",
            tags="list",
            summary="text",
            description="text",
            externalDocs="Documentation",
            parameters="[Parameter]",
            requestBody="Body",
            responses="{Response}",
            callbacks="any",
            security="list",
            servers="[Server]",
        ),
        ("responses",),
        observed=("responses",),
    ),
    "Parameter": Kind(_members("name in", **_HEADER), section="parameters"),
    "Header": Kind(_HEADER, section="headers"),
    "Body": Kind(
        _members("required", description="text", content="{Media}"),
        ("content",),
        observed=("content",),
        section="requestBodies",
    ),
    "Response": Kind(
        _members("", description="text", headers="{Header}", content="{Media}", links="any"),
        ("description",),
        observed=("description",),
        section="responses",
    ),
    "Media": Kind(_members("example", schema="Schema", examples="{Example}", encoding="{Encoding}")),
    "Encoding": Kind(_members("contentType style explode allowReserved", headers="{Header}")),
    "Example": Kind(_members("summary description value externalValue"), section="examples"),
    "Components": Kind(
        _members(
            "links callbacks",
            schemas="{Schema}",
            responses="{Response}",
            parameters="{Parameter}",
            examples="{Example}",
            requestBodies="{Body}",
            headers="{Header}",
            securitySchemes="{SecurityScheme}",
        )
    ),
    "SecurityScheme": Kind(
        _members(
            "type description name in scheme bearerFormat openIdConnectUrl",
            flows="Flows",
        ),
        ("type",),
        observed=("type",),
        section="securitySchemes",
    ),
    "Flows": Kind(
        _members("", implicit="Flow", password="Flow", clientCredentials="Flow", authorizationCode="Flow")  # noqa: S106
    ),
    "Flow": Kind(_members("authorizationUrl tokenUrl refreshUrl scopes"), ("scopes",)),
    "Schema": Kind(_SCHEMA, section="schemas"),
    "Discriminator": Kind(_members("propertyName mapping"), ("propertyName",)),
    "Xml": Kind(_members("name namespace prefix attribute wrapped")),
}

# What 3.1 has beyond 3.0. Its schemas are JSON Schema, which takes any keyword.
ADDED: dict[str, dict[str, str]] = {
    "Document": {"webhooks": "{Path}", "jsonSchemaDialect": "any"},
    "Info": {"summary": "any"},
    "License": {"identifier": "any"},
    "Components": {"pathItems": "{Path}"},
}

NEEDED_BY_TYPE = {
    "apiKey": ("name", "in"),
    "http": ("scheme",),
    "oauth2": ("flows",),
    "openIdConnect": ("openIdConnectUrl",),
    "mutualTLS": (),
}
NEEDED_BY_FLOW = {
    "implicit": ("authorizationUrl",),
    "password": ("tokenUrl",),
    "clientCredentials": ("tokenUrl",),
    "authorizationCode": ("authorizationUrl", "tokenUrl"),
}
TYPES = ("string", "number", "integer", "boolean", "array", "object", "null")
