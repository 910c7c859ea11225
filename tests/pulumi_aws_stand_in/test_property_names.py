"""Property names are those of pulumi_aws: its SDK would drop a misspelt one without a word."""

from __future__ import annotations

import importlib

import pytest

from agentcore_provider.pulumi_aws_stand_in import registry


@pytest.mark.parametrize("type_name", sorted(registry.RESOURCES))
def test_every_argument_and_output_is_a_property_of_the_sdk(type_name: str) -> None:
    resource = registry.RESOURCES[type_name]
    package, name = type_name.removeprefix("aws:").split("/")
    module, class_name = name.split(":")
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in module)
    # The package loads its modules late, and one that was imported past it would hide the others.
    getattr(importlib.import_module(f"pulumi_aws.{package.replace('lambda', 'lambda_')}"), class_name)
    place = f"pulumi_aws.{package.replace('lambda', 'lambda_')}.{snake}"
    sdk = getattr(importlib.import_module(place), class_name)
    known = {
        getattr(member.fget, "_pulumi_name", python_name)
        for python_name, member in vars(sdk).items()
        if isinstance(member, property)
    }
    assert resource.arguments <= known
    assert resource.outputs <= known
    assert resource.required <= resource.arguments
    assert resource.immutable <= resource.arguments
