"""Physical names are made once and stay."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentcore_provider.pulumi_aws_stand_in.naming import Proposal, is_given, named
from agentcore_provider.pulumi_aws_stand_in.resource import Naming
from agentcore_provider.pulumi_aws_stand_in.wire import UNKNOWN

ROLE = Naming("name", 64, "namePrefix")
BUCKET = Naming("bucket", 63, "bucketPrefix", lower_case=True)


def proposal(logical: str = "shop", **options: object) -> Proposal:
    return Proposal(f"urn:pulumi:dev::p::aws:iam/role:Role::{logical}", b"seed", **options)  # type: ignore[arg-type]


@given(st.text(min_size=1, max_size=200))
def test_a_name_is_the_logical_name_and_seven_hex_digits_within_the_limit(logical: str) -> None:
    name = named(ROLE, {}, {}, proposal(logical))["name"]
    assert len(name) <= 64
    assert name[:-8] == logical[:56]
    assert set(name[-7:]) <= set("0123456789abcdef")


def test_a_name_stays_whatever_the_seed_says_later() -> None:
    first = named(ROLE, {}, {}, proposal())
    later = Proposal(proposal().urn, b"another seed")
    assert named(ROLE, first, {"path": "/"}, later)["name"] == first["name"]


def test_a_new_prefix_makes_a_new_name() -> None:
    first = named(ROLE, {}, {"namePrefix": "a-"}, proposal())
    second = named(ROLE, first, {"namePrefix": "b-"}, proposal())
    assert first["name"].startswith("a-")
    assert second["name"].startswith("b-")
    assert named(ROLE, {}, {"namePrefix": UNKNOWN}, proposal())["name"] is UNKNOWN


def test_a_name_the_program_gives_is_kept_and_known_as_given() -> None:
    inputs = named(ROLE, {}, {"name": "mine"}, proposal())
    assert inputs == {"name": "mine"}
    assert is_given(ROLE, inputs)
    assert not is_given(ROLE, named(ROLE, {}, {}, proposal()))


def test_buckets_are_named_in_lower_case() -> None:
    assert named(BUCKET, {}, {}, proposal("MyFiles"))["bucket"].startswith("myfiles-")


def test_the_engines_own_naming_is_followed() -> None:
    assert named(ROLE, {}, {}, proposal(name="org-shop"))["name"] == "org-shop"
    assert "name" not in named(ROLE, {}, {}, proposal(disabled=True))
