"""One stack, several Regions: nothing is made, changed or deleted in another than the program and the state say."""

from __future__ import annotations

from typing import Any

from tests.programs.test_identity import run_instead
from tests.support.stack import Stack

FIRST, SECOND = "us-west-2", "eu-west-1"
TOKEN_ENDPOINT = (
    "urn:pulumi:local::agentcore::agentcore:index:McpGateway$pulumi-python:dynamic/agentcore:EzAuth"
    "$pulumi-python:dynamic/agentcore:TokenEndpoint:"
)


def makes_all() -> None:
    import pulumi

    from agentcore_provider import ApiKeyCredentialProvider, McpGateway, credentials, targets

    document = {
        "openapi": "3.0.3",
        "info": {"title": "Pets", "version": "1"},
        "servers": [{"url": "https://pets.example.com"}],
        "paths": {
            "/pets": {"get": {"operationId": "pets", "description": "Pets", "responses": {"200": {"description": ""}}}}
        },
    }
    opts = None
    if PROVIDER == "aws":  # type: ignore[name-defined]  # noqa: F821
        import pulumi_aws

        settings = {"region": "eu-west-1", "profile": PROFILE or None}  # type: ignore[name-defined]  # noqa: F821
        opts = pulumi.ResourceOptions(provider=pulumi_aws.Provider("eu", **settings))
    if PROVIDER == "own":  # type: ignore[name-defined]  # noqa: F821
        import pulumi_aws

        own = {"aws:region": "eu-west-1", "agentcore:endpointUrl": pulumi.Config("agentcore").require("endpointUrl")}
        opts = pulumi.ResourceOptions(
            providers=[
                pulumi.ProviderResource("pulumi-python", "eu", own),
                pulumi_aws.Provider("eu", region="eu-west-1"),
            ]
        )
    key = ApiKeyCredentialProvider("pets", api_key="k", opts=opts)
    pets = {"target": targets.OpenApi(document), "credentials": credentials.ApiKey(key), "schema_in_s3": True}
    McpGateway("shop", targets={"pets": pets}, opts=opts)


def standing(stack: Stack, region: str) -> list[int]:
    """How many gateways, user pools and keys there are in a Region."""
    control, cognito = (stack.local_aws.client(it, region) for it in ("bedrock-agentcore-control", "cognito-idp"))
    return [
        len(control.list_gateways()["items"]),
        len(cognito.list_user_pools(MaxResults=60)["UserPools"]),
        len(control.list_api_key_credential_providers()["credentialProviders"]),
    ]


def started_in(stack: Stack, region: str) -> Any:
    """The same stack from a shell where the environment names another Region."""

    class Elsewhere(type(stack)):  # type: ignore[misc]
        @property
        def environment(self) -> dict[str, str]:
            inherited: dict[str, str] = super().environment
            return {**inherited, "AWS_REGION": region, "AWS_DEFAULT_REGION": region}

    return Elsewhere(stack.folder, stack.local_aws)


def test_another_region_in_the_environment_loses_nothing(stack: Stack) -> None:
    """Where the stack names none, the Region is the shell's: refresh and destroy still go to where everything is."""
    run_instead(stack, makes_all, PROVIDER="", PROFILE="")
    stack.configure(lambda config: config.pop("aws:region"))
    stack.up()
    elsewhere = started_in(stack, SECOND)
    made = {it["urn"] for it in stack.resources()}
    elsewhere.refresh()
    # A local address does not say whose Region's token endpoint it is, and nothing of that one is in AWS.
    assert {it.rpartition(":")[0] for it in made - {it["urn"] for it in stack.resources()}} <= {TOKEN_ENDPOINT}
    assert standing(stack, FIRST) == [1, 1, 1]
    elsewhere.destroy()
    assert (standing(stack, FIRST), standing(stack, SECOND)) == ([0, 0, 0], [0, 0, 0])


def test_a_stack_that_moves_says_so_at_preview_and_moves_everything(stack: Stack) -> None:
    run_instead(stack, makes_all, PROVIDER="", PROFILE="")
    stack.up()
    stack.configure(lambda config: config.update({"aws:region": SECOND}))
    preview = stack.preview()
    assert preview.text.count("is in us-west-2, and the Region to deploy to is now eu-west-1") >= 4
    stack.up()
    assert (standing(stack, FIRST), standing(stack, SECOND)) == ([0, 0, 0], [1, 1, 1])
    stack.local_aws.forget_requests()
    assert set(stack.up().changes) == {"same"}
    stack.destroy()
    assert (standing(stack, FIRST), standing(stack, SECOND)) == ([0, 0, 0], [0, 0, 0])


def test_an_aws_provider_chooses_the_region_of_everything_below_it(stack: Stack) -> None:
    """Role, bucket and gateway go to the same Region; a profile that does not exist is refused before anything is made."""
    run_instead(stack, makes_all, PROVIDER="aws", PROFILE="another")
    refused = stack.preview(succeeds=False)
    assert "profile: this machine has no AWS profile 'another'" in refused.text
    run_instead(stack, makes_all, PROVIDER="aws", PROFILE="")
    stack.up()
    assert (standing(stack, FIRST), standing(stack, SECOND)) == ([0, 0, 0], [1, 1, 1])
    assert set(stack.up().changes) == {"same"}
    stack.destroy()
    assert standing(stack, SECOND) == [0, 0, 0]


def in_two_accounts() -> None:
    import pulumi
    import pulumi_aws

    from agentcore_provider import EzAuth, McpGateway, targets

    orders = {"orders": targets.LambdaCode("demo/order_desk")}
    for region in ("us-west-2", "eu-west-1"):
        McpGateway(region, targets=orders, region=region)
    role = f"arn:aws:iam::{OTHER}:role/deployer"  # type: ignore[name-defined]  # noqa: F821
    McpGateway("other", targets=orders, region="eu-west-1", assume_role=role)
    if PROVIDER:  # type: ignore[name-defined]  # noqa: F821
        args = pulumi_aws.ProviderAssumeRoleArgs(role_arn=role)
        provider = pulumi_aws.Provider("other", region="eu-west-1", assume_roles=[args])
        EzAuth("provider", opts=pulumi.ResourceOptions(provider=provider))


def arns(stack: Stack) -> list[str]:
    """Region and account of every gateway, function and role in the state."""
    outputs = [it.get("outputs", {}) for it in stack.resources()]
    found = [it.get("gateway_arn") or it.get("arn", "") for it in outputs]
    return sorted({":".join(it.split(":")[3:5]) for it in found if it.count(":") > 4})


def test_one_program_deploys_to_several_regions_and_accounts(stack: Stack) -> None:
    """Each gateway with its role, sign-in and function; another Region or account of one replaces just that one."""
    run_instead(stack, in_two_accounts, OTHER="210987654321", PROVIDER="")
    stack.up()
    assert arns(stack) == [
        ":123456789012", ":210987654321", "eu-west-1:123456789012", "eu-west-1:210987654321", "us-west-2:123456789012",
    ]  # fmt: skip
    stack.local_aws.forget_requests()
    assert set(stack.up().changes) == {"same"}
    stack.refresh("--expect-no-changes")
    for gateway in ("eu-west-1", "other"):
        assert "READY" in stack.agentcore("show", gateway)
        stack.agentcore("doctor", "--gateway", gateway)
    run_instead(stack, in_two_accounts, OTHER="210987654321", PROVIDER="another")
    refused = stack.preview(succeeds=False)
    assert (
        "provider: the aws.Provider deploys to account 210987654321, and this resource would go to 123456789012"
        in refused.text
    )
    stack.destroy()
    assert (standing(stack, FIRST), standing(stack, SECOND)) == ([0, 0, 0], [0, 0, 0])


def test_a_provider_for_dynamic_resources_brings_its_own_settings(stack: Stack) -> None:
    run_instead(stack, makes_all, PROVIDER="own", PROFILE="")
    stack.up()
    assert (standing(stack, FIRST), standing(stack, SECOND)) == ([0, 0, 0], [1, 1, 1])
    assert set(stack.up().changes) == {"same"}
    stack.destroy()
    assert standing(stack, SECOND) == [0, 0, 0]
