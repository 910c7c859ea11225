#!/bin/sh
# cedarpy 4.12.2: validate_policies passes a policy that can never apply. `context has amont && context.amont < 5` names an
# attribute that the schema does not have: the `has` is false for every request, so the typo behind it is not reported, though
# `context.amont < 5` alone is. Cedar's validator has a warning for such a policy, and cedarpy returns errors alone, so nothing
# tells a permit that works from one that never does. Whoever validates policies with it has to look for such a `has` itself:
# policies_to_json_str has the expressions.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cedarpy==4.12.2
cat > "$folder/ask.py" <<'PYTHON'
from cedarpy import validate_policies

SCHEMA = (
    "entity User; entity Shop; "
    'action "refund" appliesTo { principal: [User], resource: [Shop], context: { amount?: Long } };'
)


def answer(condition):
    found = validate_policies(f"permit(principal, action, resource) when {{ {condition} }};", SCHEMA)
    return found.validation_passed, [it.error for it in found.errors], [it for it in dir(found) if "warn" in it]


for condition in ("context.amont < 5", "context has amont && context.amont < 5", "context has amount && context.amount < 5"):
    print(f"{condition:45}", answer(condition))
assert answer("context.amont < 5")[0] is False
assert answer("context has amont && context.amont < 5") == (True, [], [])
PYTHON
"$folder/venv/bin/python" "$folder/ask.py"
