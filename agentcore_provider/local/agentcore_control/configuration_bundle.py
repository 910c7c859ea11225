"""CreateConfigurationBundle, Get, GetVersion, List, ListVersions, Update, Delete.

Documented: each update adds a version to its branch, whose first parent is the latest one there; names are unique in the
account; a bundle is deleted with its versions. Assumed: an update keeps what it leaves out, and bundles change at once.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import client_token, tags
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.agentcore_control.page import age_key, page
from agentcore_provider.local.store import BundleRecord, BundleVersion, new_id, now

if TYPE_CHECKING:
    from agentcore_provider.local.store.documents import CreateBundle, UpdateBundle

_MAINLINE = "mainline"
_VERSIONED = ("description", "components", "kmsKeyArn")


def create(call: Call, request: CreateBundle) -> Answer:
    """Makes a bundle with its first version."""
    if before := client_token.created_before(call, request, call.store.bundles.get):
        return _describe(before, before.versions[0])
    _require_free(call, request["bundleName"], "")
    bundle_id = f"{request['bundleName']}-{new_id()}"
    arn = call.store.arn(f"configuration-bundle/{bundle_id}")
    tags.start(call.store, arn, request.get("tags") or {})
    bundle = BundleRecord(bundle_id, arn, request["bundleName"], now())
    version = _add(bundle, request, request.get("branchName") or _MAINLINE, [])
    call.store.bundles[bundle_id] = bundle
    client_token.remember(call, request, bundle_id)
    return _describe(bundle, version)


def get(call: Call, request: Mapping[str, str]) -> Answer:
    """A bundle with the latest version of a branch."""
    bundle = _require(call, request["bundleId"])
    return _describe(bundle, _latest(bundle, request.get("branchName") or _first_branch(bundle)))


def get_version(call: Call, request: Mapping[str, str]) -> Answer:
    """One version of a bundle."""
    bundle = _require(call, request["bundleId"])
    version = next((it for it in bundle.versions if it.version_id == request["versionId"]), None)
    if version is None:
        raise service_error.not_found(f"Version {request['versionId']} of configuration bundle not found")
    return _describe(bundle, version)


def list_(call: Call, request: Mapping[str, Any]) -> Answer:
    """All bundles."""
    items, following = page(
        [(age_key(it.created_at, key), it) for key, it in call.store.bundles.items()],
        request.get("maxResults"),
        request.get("nextToken"),
    )
    return {"bundles": [_describe(it, it.versions[-1]) for it in items], "nextToken": following}


def list_versions(call: Call, request: Mapping[str, Any]) -> Answer:
    """A bundle's versions, the newest first."""
    bundle, wanted = _require(call, request["bundleId"]), request.get("filter") or {}
    found = [
        it
        for it in reversed(bundle.versions)
        if wanted.get("branchName") in (None, it.branch)
        and wanted.get("createdByName") in (None, (it.created_by or {}).get("name"))
    ]
    if wanted.get("latestPerBranch"):
        found = [it for it in found if it is _latest(bundle, it.branch)]
    numbered = [(f"{number:06}", it) for number, it in enumerate(found)]
    items, following = page(numbered, request.get("maxResults"), request.get("nextToken"))
    return {"versions": [_describe(bundle, it) for it in items], "nextToken": following}


def update(call: Call, request: UpdateBundle) -> Answer:
    """Adds a version."""
    bundle = _require(call, request["bundleId"])
    if before := client_token.created_before(call, request, call.store.bundles.get):
        return _describe(before, before.versions[-1])
    parents = request["parentVersionIds"]
    parent = next((it for it in bundle.versions if parents and it.version_id == parents[0]), None)
    if parent is None:
        raise service_error.validation("parentVersionIds must name a version of the bundle first")
    branch = request.get("branchName") or parent.branch
    if any(it.branch == branch for it in bundle.versions) and _latest(bundle, branch) is not parent:
        raise service_error.conflict(f"Version {parent.version_id} is not the latest of branch {branch}")
    if name := request.get("bundleName"):
        _require_free(call, name, bundle.bundle_id)
        bundle.name = name
    version = _add(bundle, {**parent.document, **request}, branch, parents)
    client_token.remember(call, request, bundle.bundle_id)
    return _describe(bundle, version)


def delete(call: Call, request: Mapping[str, str]) -> Answer:
    """Deletes at once."""
    bundle = _require(call, request["bundleId"])
    del call.store.bundles[bundle.bundle_id]
    call.store.tags.pop(bundle.arn, None)
    return {"bundleArn": bundle.arn, "bundleId": bundle.bundle_id, "status": "DELETING"}


def _add(bundle: BundleRecord, request: Mapping[str, Any], branch: str, parents: list[str]) -> BundleVersion:
    document = {it: copy.deepcopy(request[it]) for it in _VERSIONED if it in request}
    version = BundleVersion(
        str(uuid.uuid4()), document, branch, parents, request.get("commitMessage"), request.get("createdBy"), now()
    )
    bundle.versions.append(version)
    return version


def _require(call: Call, bundle_id: str) -> BundleRecord:
    bundle = call.store.bundles.get(bundle_id)
    if bundle is None:
        raise service_error.not_found(f"Configuration bundle {bundle_id} not found")
    return bundle


def _require_free(call: Call, name: str, bundle_id: str) -> None:
    if any(it.name == name and it.bundle_id != bundle_id for it in call.store.bundles.values()):
        raise service_error.conflict(f"A configuration bundle with name {name} already exists")


def _first_branch(bundle: BundleRecord) -> str:
    branches = [it.branch for it in bundle.versions]
    return _MAINLINE if _MAINLINE in branches else branches[0]


def _latest(bundle: BundleRecord, branch: str) -> BundleVersion:
    found = next((it for it in reversed(bundle.versions) if it.branch == branch), None)
    if found is None:
        raise service_error.not_found(f"Branch {branch} of configuration bundle {bundle.bundle_id} not found")
    return found


def _describe(bundle: BundleRecord, version: BundleVersion) -> Answer:
    lineage: dict[str, object] = {"parentVersionIds": version.parents, "branchName": version.branch}
    lineage |= {"createdBy": version.created_by} if version.created_by else {}
    lineage |= {"commitMessage": version.commit_message} if version.commit_message else {}
    return {
        **version.document,
        "bundleArn": bundle.arn,
        "bundleId": bundle.bundle_id,
        "bundleName": bundle.name,
        "versionId": version.version_id,
        "lineageMetadata": lineage,
        "createdAt": bundle.created_at,
        "updatedAt": bundle.versions[-1].created_at,
        "versionCreatedAt": version.created_at,
    }
