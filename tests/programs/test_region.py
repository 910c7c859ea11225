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
    """Role, bucket and gateway go to the same Region; a sign-in of its own is refused before anything is made."""
    run_instead(stack, makes_all, PROVIDER="aws", PROFILE="another")
    refused = stack.preview(succeeds=False)
    assert "the Region of an aws.Provider is followed, but not its profile" in refused.text
    run_instead(stack, makes_all, PROVIDER="aws", PROFILE="")
    stack.up()
    assert (standing(stack, FIRST), standing(stack, SECOND)) == ([0, 0, 0], [1, 1, 1])
    assert set(stack.up().changes) == {"same"}
    stack.destroy()
    assert standing(stack, SECOND) == [0, 0, 0]


def test_a_provider_for_dynamic_resources_brings_its_own_settings(stack: Stack) -> None:
    run_instead(stack, makes_all, PROVIDER="own", PROFILE="")
    stack.up()
    assert (standing(stack, FIRST), standing(stack, SECOND)) == ([0, 0, 0], [1, 1, 1])
    assert set(stack.up().changes) == {"same"}
    stack.destroy()
    assert standing(stack, SECOND) == [0, 0, 0]
