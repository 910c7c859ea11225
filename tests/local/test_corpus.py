"""The corpora before local AWS, which judges by itself: what it does not take is what the rules call an error.

Not taken is what it refuses, or what ends FAILED because the service finds it only when it reads the document. What it
takes becomes READY, and of a document that has operations each becomes a tool. Where the service was observed to fail a target
for what other documents got through with, the rules warn and local AWS fails.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import corpus
import pytest
from corpus import Bad, Real
from ground import Ground

from agentcore_provider.documents import openapi_fixing
from tests.support.control_plane import ControlPlane

GATEWAY = "shop-0123456789"
GUARDED = "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/desk-0123456789"
SIGN_IN = corpus.good("gateways")["lambda sign-in of the quick start"]["authorizerConfiguration"]
ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
NOUNS = corpus.NOUNS
# Of what is beyond local AWS.
CEDAR_ALONE = "Local AWS evaluates Cedar alone"
MOST_TARGETS = 100
MCP = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
GOOD = [pytest.param(noun, name, id=f"{noun}: {name}") for noun in NOUNS for name in corpus.good(noun)]
BAD = [pytest.param(noun, it, id=f"{noun}: {it.broken}") for noun in NOUNS for it in corpus.bad(noun)]
REAL = [pytest.param(it, id=it.name) for it in corpus.real("openapi")]


class Shop:
    """A local AWS with everything that the corpora speak of, and requests made of their documents."""

    def __init__(self, aws: Any) -> None:
        self.aws = aws
        self.ground = Ground(aws.client)

    def create(
        self, noun: str, document: Any, gateway: Mapping[str, Any] | None = None, target: str | None = None
    ) -> tuple[int, Any]:
        """Status and answer of a request for what a document describes.

        Without boto3, which would leave out what it does not know. gateway: its members, for a target.
        target: its name, for a schema.
        """
        headers = self.aws.signed("bedrock-agentcore")
        if noun == "gateways":
            request = {"name": self.aws.unique("shop"), **self.sendable(document)}
            status, answer = self.aws.http("POST", "/gateways/", request, headers)
            if status == 202:
                self.aws.control.delete_gateway(gatewayIdentifier=answer["gatewayId"])
            return status, answer
        if noun in corpus.OPERATIONS:
            return self.create_alone(corpus.OPERATIONS[noun], document)
        others = {
            "resource_policies": self.put_policy,
            "policies": self.create_policy,
            "consent_portals": self.create_portal,
            "registry_records": self.create_record,
        }
        if noun in others:
            return others[noun](document)
        if noun == "rules":
            gateway_id = self.gateway_with_targets(gateway or {})
            return self.aws.http("POST", f"/gateways/{gateway_id}/rules", self.sendable(document), headers)
        if noun == "rate_limits":
            gateway_id = self.aws.gateway()["gatewayId"]
            path = f"/gateways/{gateway_id}/rate-limits"
            status, answer = self.aws.http("POST", path, self.sendable(document), headers)
            # CreateGatewayRateLimit alone answers 201.
            return 202 if status == 201 else status, answer
        if noun == "targets":
            request = self.sendable(document)
        elif noun == "tools":
            request = {"targetConfiguration": self.aws.lambda_configuration(document)}
        else:
            member = "openApiSchema" if noun == "openapi" else "smithyModel"
            payload = document if isinstance(document, str) else json.dumps(document)
            request = {"targetConfiguration": {"mcp": {member: {"inlinePayload": payload}}}}
        if noun != "targets":
            request["name"] = target or self.aws.unique("target")
            request["credentialProviderConfigurations"] = None if noun == "openapi" else ROLE
        gateway_id = request.pop("gatewayIdentifier", GATEWAY)
        if gateway_id == GATEWAY:
            gateway_id = self.gateway_for(request, gateway)
        return self.aws.http("POST", f"/gateways/{quote(str(gateway_id), safe='')}/targets/", request, headers)

    def create_alone(self, operation: str, document: Any) -> tuple[int, Any]:
        """Create what belongs to no gateway, and remove it again."""
        request = dict(document)
        registries = self.aws.client("agent-registry-control")
        control = registries if operation == "CreateRegistry" else self.aws.control
        model = control.meta.service_model.operation_model(operation)
        if operation == "SetTokenVaultCMK":
            key = {"keyType": "CustomerManagedKey", "kmsKeyArn": request.pop("kmsKeyArn", None)}
            request["kmsConfiguration"] = key
        elif operation == "CreateConfigurationBundle":
            request["bundleName"] = request.pop("name", None)
        uri, headers = model.http["requestUri"], self.aws.signed(model.service_model.signing_name)
        status, answer = self.aws.http(model.http["method"], uri, self.sendable(request), headers)
        if status < 300 and operation == "SetTokenVaultCMK":
            self.aws.control.set_token_vault_cmk(kmsConfiguration={"keyType": "ServiceManagedKey"})
        elif status < 300 and operation == "CreatePolicyEngine":
            self.aws.control.delete_policy_engine(policyEngineId=answer["policyEngineId"])
        elif status < 300 and operation == "CreateWorkloadIdentity":
            self.aws.control.delete_workload_identity(name=answer["name"])
        elif status < 300 and operation == "CreateRegistry":
            registries.delete_registry(registryId=answer["registryArn"])
        elif status < 300:
            self.aws.control.delete_configuration_bundle(bundleId=answer["bundleId"])
        return 202 if status < 300 else status, answer

    def create_record(self, document: Any) -> tuple[int, Any]:
        """Create a record in a registry of its own; the request does not have its approval."""
        registries = self.aws.client("agent-registry-control")
        registry = registries.create_registry(name=self.aws.unique("corpus"))["registryArn"]
        request = {name: it for name, it in document.items() if name not in ("registryId", "approval")}
        here = registry.rpartition("/")[2] if "abcdefghijkl" in str(document.get("registryId")) else "x"
        headers, path = self.aws.signed("agent-registry"), f"/registries/{here}/records"
        status, answer = self.aws.http("POST", path, self.sendable(request), headers)
        registries.delete_registry(registryId=registry)
        return status, answer

    def put_policy(self, document: Any) -> tuple[int, Any]:
        """Put a resource policy onto a new gateway, or onto the runtime that it names."""
        arn = str(document.get("resourceArn"))
        if ":gateway/" in arn:
            made = self.aws.gateway(authorizerType="AWS_IAM")["gatewayArn"]
            document = json.loads(json.dumps(document).replace(arn, made))
            arn = made
        policy = document.get("policy")
        request = {} if policy is None else {"policy": json.dumps(policy)}
        headers = self.aws.signed("bedrock-agentcore")
        status, answer = self.aws.http("PUT", f"/resourcepolicy/{quote(arn, safe='')}", request, headers)
        return {201: 202}.get(status, status), answer

    def create_policy(self, document: Any) -> tuple[int, Any]:
        """Create a policy of an engine whose gateway has the tools that the corpus names."""
        gateway_arn = self.guarded
        control = self.aws.control
        engine = control.create_policy_engine(name=self.aws.unique("corpus").replace("-", "_"))
        one = {"policyEngineId": engine["policyEngineId"]}
        request = json.loads(json.dumps(document).replace(GUARDED, gateway_arn))
        request.pop("policyEngineId", None)
        generated = (request.get("definition") or {}).get("policyGeneration")
        if generated:
            request["definition"] = {"policyGeneration": self.generation(one, gateway_arn)}
        headers, path = self.aws.signed("bedrock-agentcore"), f"/policy-engines/{one['policyEngineId']}/policies"
        status, answer = self.aws.http("POST", path, self.sendable(request), headers)
        if status < 300:
            answer = control.get_policy(**one, policyId=answer["policyId"])
            control.delete_policy(**one, policyId=answer["policyId"])
        control.delete_policy_engine(**one)
        return 202 if status < 300 else status, answer

    @functools.cached_property
    def guarded(self) -> str:
        """ARN of a gateway with the tools that policies of the corpus name."""
        made = self.aws.gateway(authorizerType="CUSTOM_JWT", authorizerConfiguration=SIGN_IN)
        members = {"amount": {"type": "integer"}, "X-Id": {"type": "string"}}
        schema = {"type": "object", "properties": members, "required": [*members]}
        for target, names in {"orders": ["get_order", "refund"], "crm": ["refund order"], "a": ["b"]}.items():
            tools = [{"name": it, "description": it, "inputSchema": schema} for it in names]
            self.aws.control.create_gateway_target(
                gatewayIdentifier=made["gatewayId"],
                name=target,
                targetConfiguration=self.aws.lambda_configuration(tools),
                credentialProviderConfigurations=ROLE,
            )
        return str(made["gatewayArn"])

    def generation(self, engine: Mapping[str, str], gateway_arn: str) -> dict[str, str]:
        """Ids of a generation of the engine, and of a policy that it wrote."""
        control, name = self.aws.control, self.aws.unique("text").replace("-", "_")
        # Local AWS translates no text, and returns a policy as it is.
        content = {"rawText": "forbid (principal, action, resource is AgentCore::Gateway);"}
        made = control.start_policy_generation(**engine, name=name, resource={"arn": gateway_arn}, content=content)
        one = {"policyGenerationId": made["policyGenerationId"]}
        (asset, *_) = control.list_policy_generation_assets(**engine, **one)["policyGenerationAssets"]
        return {**one, "policyGenerationAssetId": asset["policyGenerationAssetId"]}

    def create_portal(self, document: Any) -> tuple[int, Any]:
        """Create a consent portal of a new gateway, and remove it again."""
        request = dict(document)
        gateway = self.aws.gateway(authorizerType="CUSTOM_JWT", authorizerConfiguration=SIGN_IN)
        identifier = gateway["gatewayId"] if "gatewayIdentifier" in request else None
        request.pop("gatewayIdentifier", None)
        idp = {it: request.pop(it) for it in ("credentialProviderArn", "scopes", "audience") if it in request}
        request |= {"idpConfig": idp, "sources": [{"type": "agentcore-gateway", "identifier": identifier}]}
        headers = self.aws.signed("bedrock-agentcore")
        uri = self.aws.control.meta.service_model.operation_model("CreateConsentPortal").http["requestUri"]
        status, answer = self.aws.http("POST", uri, self.sendable(request), headers)
        if status < 300:
            self.aws.control.delete_consent_portal(consentPortalIdentifier=answer["consentPortalId"])
        return 202 if status < 300 else status, answer

    def gateway_for(self, request: Mapping[str, Any], gateway: Mapping[str, Any] | None) -> str:
        """The id of a new gateway that targets of this kind can have."""
        http = "http" in (request.get("targetConfiguration") or {})
        # People sign in for targets of gateways that take tokens, and of no others.
        authorizer = "CUSTOM_JWT" if "AUTHORIZATION_CODE" in json.dumps(request) else "AWS_IAM"
        members = {"authorizerType": authorizer, "protocolType": None if http else "MCP", **(gateway or {})}
        if members["authorizerType"] == "CUSTOM_JWT":
            members["authorizerConfiguration"] = SIGN_IN
        made: str = self.aws.gateway(**{"roleArn": self.ground.role_arn, **members})["gatewayId"]
        return made

    def gateway_with_targets(self, gateway: Mapping[str, Any]) -> str:
        """The id of a new gateway that has the targets which rules name, as far as it can have them."""
        http: dict[str, Any] = {"http": {}}
        gateway_id = self.gateway_for({"targetConfiguration": http}, gateway)
        endpoint = {"endpoint": "https://127.0.0.1:1"}
        passthrough = {"http": {"passthrough": {**endpoint, "protocolType": "CUSTOM"}}}
        provider = {"inference": {"provider": endpoint}}
        families = {"primary": passthrough, "canary": passthrough, "openai": provider, "bedrock": provider}
        for name, configuration in families.items():
            if gateway.get("protocolType") is None or "http" not in configuration:
                members = {"name": name, "targetConfiguration": configuration}
                members |= {"credentialProviderConfigurations": ROLE} if "inference" in configuration else {}
                self.aws.control.create_gateway_target(gatewayIdentifier=gateway_id, **members)
        return gateway_id

    def sendable(self, document: Any) -> Any:
        """The document as it travels: whole numbers are integers, and one member has another name than in the model."""
        text = json.dumps(self.ground.here(document)).replace('"defaultDomain":', '"default":')
        return json.loads(
            text, parse_float=lambda digits: int(float(digits)) if float(digits).is_integer() else float(digits)
        )


def outcome(shop: Shop, status: int, answer: Any) -> str:
    """REFUSED, or the status that the target ends in."""
    if status != 202:
        assert 400 <= status < 500, answer
        return "REFUSED"
    if "policyId" in answer:
        return "FAILED" if answer["status"] == "CREATE_FAILED" else str(answer["status"])
    if "policy" in answer:
        return "PUT"
    if "ruleId" in answer or "rateLimitId" in answer:
        return str(answer["status"])
    gateway_id = answer["gatewayArn"].rpartition("/")[2]
    found = shop.aws.control.get_gateway_target(gatewayIdentifier=gateway_id, targetId=answer["targetId"])
    assert (found["status"] == "FAILED") == bool(found.get("statusReasons"))
    ended: str = found["status"]
    return ended


def doubtful(found: Any) -> bool:
    """Whether a target failed for what the rules warn of alone: a media type, or oneOf in an answer."""
    return found["status"] == "FAILED" and all(
        reason.startswith(("MediaType ", "schema with oneOf ")) for reason in found["statusReasons"]
    )


@pytest.fixture(scope="module")
def shop(local_aws: ControlPlane) -> Shop:
    return Shop(local_aws)


@pytest.mark.parametrize(("noun", "name"), GOOD)
def test_a_good_document_is_accepted(shop: Shop, noun: str, name: str) -> None:
    status, answer = shop.create(noun, corpus.good(noun)[name])
    assert status == 202, answer
    if noun == "policies" and not any(it.startswith(CEDAR_ALONE) for it in answer["statusReasons"]):
        assert answer["status"] == "ACTIVE", answer["statusReasons"]


@pytest.mark.parametrize(("noun", "case"), BAD)
def test_what_is_an_error_is_refused_and_what_is_a_warning_is_not(shop: Shop, noun: str, case: Bad) -> None:
    status, answer = shop.create(noun, case.document, **case.options)
    if case.severity == "warning" or noun in ("gateways", "consent_portals", *corpus.OPERATIONS):
        assert (status == 202) == (case.severity == "warning"), answer
    else:
        assert outcome(shop, status, answer) in ("REFUSED", "FAILED")
    assert status < 500, answer


@pytest.mark.parametrize("real", REAL)
def test_a_real_description_is_refused_if_it_breaks_a_rule(shop: Shop, real: Real) -> None:
    status, answer = shop.create("openapi", real.text)
    assert status == 202 or real.refused, answer
    assert not real.refused or outcome(shop, status, answer) in ("REFUSED", "FAILED")


@pytest.mark.parametrize("real", [it for it in REAL if it.values[0].refused])
def test_a_fixed_description_is_accepted_unless_something_is_left(shop: Shop, real: Real) -> None:
    status, answer = shop.create("openapi", openapi_fixing.fix(real.text, server=real.server).document)
    assert status == 202 or real.left, answer
    assert not real.left or outcome(shop, status, answer) in ("REFUSED", "FAILED")


def served(shop: Shop, member: str, documents: Mapping[str, Any]) -> dict[str, set[str]]:
    """The tools that the data plane lists for each document, of targets that are ready."""
    listed: dict[str, set[str]] = {}
    names = list(documents)
    for first in range(0, len(names), MOST_TARGETS):
        gateway_id = shop.aws.gateway()["gatewayId"]
        targets = {}
        for name in names[first : first + MOST_TARGETS]:
            configuration = {"mcp": {member: {"inlinePayload": json.dumps(documents[name])}}}
            made = shop.aws.create_target(gateway_id, configuration, None if member == "openApiSchema" else ROLE)
            found = shop.aws.control.get_gateway_target(gatewayIdentifier=gateway_id, targetId=made["targetId"])
            if doubtful(found):
                continue
            assert found["status"] == "READY", (name, found.get("statusReasons"))
            targets[made["name"]] = name
            listed[name] = set()
        for tool in tools_of(shop, gateway_id):
            target, _, operation = tool["name"].partition("___")
            assert tool["inputSchema"]["type"] == "object"
            listed[targets[target]].add(operation)
    return listed


def tools_of(shop: Shop, gateway_id: str) -> Iterator[Any]:
    """Every tool of a gateway, page by page."""
    given: dict[str, Any] = {}
    while True:
        request = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": given}
        _, answer = shop.aws.http("POST", f"/gateways/{gateway_id}/mcp", request, MCP)
        yield from answer["result"]["tools"]
        given = {"cursor": answer["result"].get("nextCursor")}
        if not given["cursor"]:
            return


def test_every_operation_of_an_accepted_description_is_a_tool(shop: Shop) -> None:
    documents = {
        real.name: openapi_fixing.fix(real.text, server=real.server).document
        for real in corpus.real("openapi")
        if not real.left
    } | corpus.good("openapi")
    listed = served(shop, "openApiSchema", documents)
    assert len(listed) > 100
    assert listed == {
        name: {
            operation["operationId"]
            for path, item in document["paths"].items()
            if not path.startswith("x-")
            for method, operation in item.items()
            if method in METHODS
        }
        for name, document in documents.items()
        if name in listed
    }


def test_every_operation_of_a_real_smithy_model_is_a_tool(shop: Shop) -> None:
    models = {real.name: json.loads(real.text) for real in corpus.real("smithy")}
    listed = served(shop, "smithyModel", models)
    assert listed == {
        name: {
            shape_id.partition("#")[2] for shape_id, shape in model["shapes"].items() if shape["type"] == "operation"
        }
        for name, model in models.items()
    }
