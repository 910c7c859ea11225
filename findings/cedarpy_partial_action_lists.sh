#!/bin/sh
# cedarpy 4.12.2: is_authorized_partial leaves `action in [...]` undecided, although the schema has every action and no action
# is unknown. The same request is decided by is_authorized, and by is_authorized_partial with `action == ...`. So whoever
# lists what a caller may do by partial evaluation lists too much: a permit that names other actions in a list looks as if it
# could apply. The schema's hierarchy of actions is not used there; with the actions among the entities, it is decided.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cedarpy==4.12.2
cat > "$folder/ask.py" <<'PYTHON'
import json

from cedarpy import Entities, PolicySet, Schema, is_authorized, is_authorized_partial

SCHEMA = Schema.from_str(
    "entity User; entity Shop; action all; "
    'action "refund", "pay" in [all] appliesTo { principal: [User], resource: [Shop], context: { amount: Long } };'
)
REQUEST = {"principal": 'User::"ann"', "action": 'Action::"refund"', "resource": 'Shop::"s"'}
ACTIONS = [
    {"uid": {"type": "Action", "id": "refund"}, "attrs": {}, "parents": [{"type": "Action", "id": "all"}]},
    {"uid": {"type": "Action", "id": "pay"}, "attrs": {}, "parents": [{"type": "Action", "id": "all"}]},
    {"uid": {"type": "Action", "id": "all"}, "attrs": {}, "parents": []},
]


def partially(scope, entities):
    policies = PolicySet.from_str(f"permit(principal, {scope}, resource);")
    return is_authorized_partial(REQUEST, policies, Entities.from_json_str(json.dumps(entities)), SCHEMA).decision.value


LIST = 'action in [Action::"pay"]'
whole = is_authorized(
    {**REQUEST, "context": {"amount": 1}}, f"permit(principal, {LIST}, resource);", [], SCHEMA
).decision.value
print("whole, in a list:                     ", whole)
print("partial, ==:                          ", equal := partially('action == Action::"pay"', []))
print("partial, in a list:                   ", listed := partially(LIST, []))
print("partial, in a list, actions as entities:", known := partially(LIST, ACTIONS))
assert (whole, equal, listed, known) == ("Deny", "Deny", "NoDecision", "Deny")
PYTHON
"$folder/venv/bin/python" "$folder/ask.py"
