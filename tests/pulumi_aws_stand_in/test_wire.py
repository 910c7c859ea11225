"""Values survive the wire: secrets stay secret, unknowns unknown, assets assets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentcore_provider.pulumi_aws_stand_in.assets import Archive, Asset
from agentcore_provider.pulumi_aws_stand_in.wire import UNKNOWN, decode, encode, has_unknown

texts = st.text(max_size=8)
keys = st.text("abcdefgh", min_size=1, max_size=4)
assets = st.builds(Asset, hash=texts, text=texts)
scalars = texts | st.booleans() | st.integers(-(2**50), 2**50) | st.just(UNKNOWN) | assets
archives = st.builds(Archive, hash=texts, assets=st.dictionaries(keys, assets, max_size=2))
values = st.recursive(
    scalars | archives,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(keys, values, max_size=4))
def test_what_is_encoded_decodes_to_the_same(properties: dict[str, object]) -> None:
    assert decode(encode(properties)).values == properties


@given(st.dictionaries(keys, values, min_size=1, max_size=4), st.data())
def test_a_secret_comes_back_as_a_secret(properties: dict[str, object], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(properties)))
    decoded = decode(encode(properties, [(key,)]))
    assert decoded.secrets == {(key,)}
    assert decoded.values == properties


def test_a_secret_deep_inside_is_marked_where_it_is() -> None:
    properties = {"environment": {"variables": {"KEY": "hidden", "PORT": "80"}}}
    struct = encode(properties, [("environment", "variables", "KEY")])
    variables = struct.fields["environment"].struct_value.fields["variables"].struct_value
    assert variables.fields["PORT"].string_value == "80"
    assert variables.fields["KEY"].struct_value.fields["value"].string_value == "hidden"


def test_a_secret_path_that_leads_nowhere_hides_what_is_above_it() -> None:
    decoded = decode(encode({"policy": "text", "other": 1}, [("policy", "Statement", 0)]))
    assert decoded.secrets == {("policy",)}


def test_output_values_are_read_as_their_value_or_as_unknown() -> None:
    signature = {"4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4"}
    decoded = decode(encode({"known": {**signature, "value": "x", "secret": True}, "later": signature}))
    assert decoded.values == {"known": "x", "later": UNKNOWN}
    assert decoded.secrets == {("known",)}


def test_unknowns_are_found_at_any_depth() -> None:
    assert has_unknown({"a": [{"b": UNKNOWN}]})
    assert not has_unknown({"a": [{"b": None}]})
