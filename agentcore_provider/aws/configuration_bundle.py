"""Configuration bundles: find, create, add versions, delete, wait.

A bundle has no status. Each update adds a version to the branch, after the latest one.
https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateConfigurationBundle.html
"""

from __future__ import annotations

import uuid

from agentcore_provider.aws import lifecycle
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties, same, to_wire
from agentcore_provider.aws.lifecycle import Lifecycle
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import CONFIGURATION_BUNDLE

VERSIONED = ("bundle_name", "description", "components", "kms_key_arn")
"""What a version consists of."""
_MESSAGE = "Deployed by Pulumi"


def find(connection: Connection, bundle_id: str, branch: str | None) -> Properties | None:
    """The bundle with the latest version of the branch, or None when it does not exist."""
    key = {"bundleId": bundle_id, **({"branchName": branch} if branch else {})}
    found = lifecycle.find(connection, CONFIGURATION_BUNDLE, **key)
    return None if found is None else {**found, "name": found["bundle_name"]}


def create(operation: Operation, properties: Document) -> Properties:
    """Create the bundle, or resume what an interrupted create left. Raises NameTaken and what a call raises."""
    wanted = {**_with_aws_name(properties), "tags": operation.with_owner(properties.get("tags"))}
    return _Bundle(operation, properties.get("branch_name")).create(wanted)


def update(operation: Operation, bundle_id: str, old: Document, new: Document) -> Properties:
    """Add a version that is what the program declares, if the latest is not. Raises what a call raises."""
    return _Bundle(operation, new.get("branch_name")).update(bundle_id, old, _with_aws_name(new))


def delete(operation: Operation, bundle_id: str) -> None:
    """Delete the bundle with all its versions and wait until it is gone. Raises WaitTimeout and what a call raises."""
    _Bundle(operation, None).delete(bundle_id)


def _with_aws_name(properties: Document) -> Properties:
    return {**properties, "bundle_name": properties["name"]}


class _Bundle(Lifecycle):
    """What is done to one bundle."""

    def __init__(self, operation: Operation, branch: str | None) -> None:
        super().__init__(operation, CONFIGURATION_BUNDLE)
        self.branch = branch

    def key(self, identifier: str) -> Properties:
        return {"bundleId": identifier}

    def find(self, identifier: str) -> Properties | None:
        return find(self.connection, identifier, self.branch)

    def find_by_name(self, name: str) -> Properties | None:
        for item in self.connection.pages("ListConfigurationBundles", "bundles", maxResults=100):
            if item["bundleName"] == name:
                return self.find(item["bundleId"])
        return None

    def resume(self, found: Properties, wanted: Document) -> Properties:
        return self.update(found["bundle_id"], {}, wanted)

    def update(self, bundle_id: str, old: Document, new: Document) -> Properties:
        current = self.wait(bundle_id)
        ours, theirs = ({it: one.get(it) for it in VERSIONED} for one in (new, current))
        if not same(ours, theirs, ordered=True):
            self.operation.report("adding a version of the configuration bundle")
            model = self.connection.operation_model("UpdateConfigurationBundle")
            request = {
                "commitMessage": _MESSAGE,
                **to_wire(new, model),
                **self.key(bundle_id),
                "parentVersionIds": [current["version_id"]],
                "clientToken": str(uuid.uuid4()),
            }
            current = self.change(bundle_id, request, None)
        self.set_tags(current, old, new)
        return self.arrived(current)
