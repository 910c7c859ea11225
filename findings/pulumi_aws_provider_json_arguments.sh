#!/bin/sh
# pulumi-aws 7.51.1: what an aws.Provider takes as a structure (assume_roles, endpoints, default_tags) travels as JSON, and
# that JSON is not as the types promise. Written as typed dicts (ProviderAssumeRoleArgsDict) the members are sent with their
# Python names, role_arn; only the Args classes are sent with the schema's, roleArn. And a program that reads assume_roles of
# the provider gets None, although the attribute is there: the value that comes back is called assumeRoles.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pulumi==3.272.0 pulumi-aws==7.51.1
cat > "$folder/ask.py" <<'PYTHON'
import pulumi

SENT, READ = {}, {}


class Engine(pulumi.runtime.Mocks):
    def new_resource(self, args):
        SENT[args.name] = args.inputs
        return args.name, args.inputs

    def call(self, args):
        return {}


pulumi.runtime.set_mocks(Engine())
import pulumi_aws as aws

ROLE = "arn:aws:iam::123456789012:role/deploy"


@pulumi.runtime.test
def declare():
    typed = aws.Provider("typed-dict", region="eu-west-1", assume_roles=[{"role_arn": ROLE}])
    aws.Provider("class", region="eu-west-1", assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=ROLE)])
    return pulumi.Output.all(typed.region, vars(typed)["assume_roles"]).apply(lambda it: READ.update(region=it[0], roles=it[1]))


declare()
print("sent as a typed dict:", SENT["typed-dict"]["assumeRoles"])
print("sent as a class:     ", SENT["class"]["assumeRoles"])
print("read back:           ", READ)
assert SENT["typed-dict"]["assumeRoles"] == f'[{{"role_arn": "{ROLE}"}}]'
assert SENT["class"]["assumeRoles"] == f'[{{"roleArn": "{ROLE}"}}]'
assert READ == {"region": "eu-west-1", "roles": None}
PYTHON
"$folder/venv/bin/python" "$folder/ask.py"
