"""The two forms in which `--credentials` says how a gateway signs in to a target: an API key, or an OAuth 2 client.

    {"api_key": "Bearer 123", "credential_location": "HEADER", "credential_parameter_name": "Authorization"}
    {"oauth2_provider_config": {"customOauth2ProviderConfig": {...}}, "scopes": [...]}

Each means two things at once: a credential provider to make, and how the target uses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from agentcore_provider.credential_kinds import API_KEY, OAUTH, CredentialKind
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem, errors
from agentcore_provider.rules import api_key_credential_provider, oauth2_credential_provider, service_model

SOURCE = "agentcore create_mcp_gateway_target --help"
# Optional keys of a form, AWS's names in snake_case -> the member of AWS's credential provider document.
_API_KEY, _OAUTH = API_KEY.usage_members, OAUTH.usage_members
# What stands before a key in an Authorization header: a word and a space (RFC 9110, section 11.4).
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9-]*) +(?P<key>\S.*)")


@dataclass(frozen=True)
class Plan:
    """What credentials come to.

    kind: of the credential. inputs: of the credential provider to create, in snake_case; they hold the secret.
    use: how the target uses it, by AWS's members.
    """

    kind: CredentialKind
    inputs: Mapping[str, object] = field(repr=False)
    use: Mapping[str, object]

    @property
    def provider(self) -> str:
        """The resource to create: api_key_credential_provider or oauth2_credential_provider."""
        return self.kind.provider.resource if self.kind.provider else ""

    def credential_provider_configuration(self, provider_arn: object) -> dict[str, object]:
        """AWS's document for the target. provider_arn: of the credential provider; UNKNOWN until it is created."""
        return self.kind.configuration(provider=provider_arn, **self.kind.described(self.use))


def plan(credentials: object, path: str = "credentials") -> Plan:
    """What the credentials come to. path: where they are. Raises InvalidInput with every problem."""
    if not isinstance(credentials, Mapping):
        raise _refused([_problem("", "is not an object", "Give api_key, or oauth2_provider_config.")], path)
    forms = [form for form in ("api_key", "oauth2_provider_config") if form in credentials]
    if len(forms) != 1:
        found = "has both api_key and oauth2_provider_config" if forms else _without_form(credentials)
        raise _refused([_problem("", found, "Give one of api_key and oauth2_provider_config.")], path)
    return _api_key(credentials, path) if forms == ["api_key"] else _oauth(credentials, path)


def _api_key(credentials: Mapping[str, object], path: str) -> Plan:
    key = credentials["api_key"]
    use = {_API_KEY[name]: value for name, value in credentials.items() if name in _API_KEY and value is not None}
    location = use.setdefault("credentialLocation", "HEADER")
    if isinstance(location, str):
        use["credentialLocation"] = location.upper()
    problems = [
        *_unknown(credentials, {"api_key", *_API_KEY}),
        *_under("api_key", "apiKey", api_key_credential_provider.validate({"apiKey": key})),
        *_use(use, "ApiKeyCredentialProvider", _API_KEY),
    ]
    if problems:
        raise _refused(problems, path)
    header = (
        use["credentialLocation"] == "HEADER" and str(use.get("credentialParameterName")).lower() == "authorization"
    )
    split = _SCHEME.fullmatch(str(key)) if header and "credentialPrefix" not in use else None
    if split is not None:
        # "Bearer 123" is how the header reads; the key is what comes after the word, and AWS puts the space back.
        key, use["credentialPrefix"] = split["key"], split["scheme"]
    return Plan(API_KEY, {"api_key": key}, use)


def _oauth(credentials: Mapping[str, object], path: str) -> Plan:
    configuration = credentials["oauth2_provider_config"]
    use = {_OAUTH[name]: value for name, value in credentials.items() if name in _OAUTH and value is not None}
    use.setdefault("scopes", [])
    vendor = _vendor(credentials.get("vendor"), configuration)
    document = {"oauth2ProviderConfigInput": configuration} | (
        {"credentialProviderVendor": vendor} if vendor is not None else {}
    )
    problems = [
        *_unknown(credentials, {"oauth2_provider_config", "vendor", *_OAUTH}),
        *(
            _vendor_missing() if it.path == "credentialProviderVendor" and vendor is None else it
            for it in _under(
                "oauth2_provider_config", "oauth2ProviderConfigInput", oauth2_credential_provider.validate(document)
            )
        ),
        *_use(use, "OAuthCredentialProvider", _OAUTH),
    ]
    if problems:
        raise _refused(problems, path)
    inputs = {"credential_provider_vendor": vendor, "oauth2_provider_config_input": configuration}
    return Plan(OAUTH, inputs, use)


def _vendor(value: object, configuration: object) -> object:
    """The vendor that is set, or the one whose configuration it is."""
    if value is not None:
        return oauth2_credential_provider.vendor_of(value) if isinstance(value, str) else value
    member = next(iter(configuration), "") if isinstance(configuration, Mapping) else ""
    own = {oauth2_credential_provider.config_member(it): it for it in oauth2_credential_provider.vendors()}
    # Many vendors share one member, so it does not show which it is; the model reports a misspelt one.
    return None if member == oauth2_credential_provider.INCLUDED else own.get(str(member), "CustomOauth2")


def _vendor_missing() -> Problem:
    known = ", ".join(it.removesuffix("Oauth2").lower() for it in oauth2_credential_provider.vendors())
    return Problem(
        "vendor",
        f"is missing: {oauth2_credential_provider.INCLUDED} does not identify the server",
        f'Add "vendor", one of {known}.',
        SOURCE,
    )


def _use(use: Mapping[str, object], shape: str, names: Mapping[str, str]) -> Iterator[Problem]:
    keys = {member: name for name, member in names.items()}
    for problem in service_model.validate(use, shape, absent=("providerArn",)):
        member, rest = re.fullmatch(r"([A-Za-z]*)(.*)", problem.path, re.DOTALL).groups()  # type: ignore[union-attr]
        yield Problem(keys.get(member, member) + rest, problem.message, problem.cure, problem.source)


def _under(name: str, member: str, problems: list[Problem]) -> Iterator[Problem]:
    """The errors of a document, with the paths that `--credentials` has for them."""
    for problem in errors(problems):
        top = re.match(rf"{member}(?![A-Za-z0-9])", problem.path)
        path = f"{name}{problem.path[top.end() :]}" if top else problem.path
        yield Problem(path, problem.message, problem.cure, problem.source)


def _unknown(credentials: Mapping[str, object], known: set[str]) -> Iterator[Problem]:
    for name in credentials:
        if name not in known:
            near = get_close_matches(str(name).lower().replace("-", "_"), known, n=1, cutoff=0.6)
            cure = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(sorted(known))}."
            yield _problem(str(name), "is not known here", cure)


def _without_form(credentials: Mapping[str, object]) -> str:
    names = ", ".join(map(str, credentials))
    return f"has neither api_key nor oauth2_provider_config, only {names}" if names else "is empty"


def _problem(path: str, message: str, cure: str) -> Problem:
    return Problem(path, message, cure, SOURCE)


def _refused(problems: list[Problem], path: str) -> InvalidInput:
    return InvalidInput.of_problems(problem.below(path) for problem in problems)
