"""The operations of configuration bundles."""

from __future__ import annotations

import pytest

from tests.local.agentcore_control.test_contract import require_modelled
from tests.support.control_plane import ControlPlane

COMPONENTS = {"clerk": {"configuration": {"system_prompt": "Be brief.", "tools": [{"name": "a", "weight": 0.5}]}}}


def test_every_answer_fits_its_shape(local_aws: ControlPlane) -> None:
    """A bundle with two branches of versions."""
    control, name = local_aws.control, local_aws.unique("prompts").replace("-", "_")
    made = control.create_configuration_bundle(bundleName=name, components=COMPONENTS, description="d", tags={"a": "b"})
    require_modelled("CreateConfigurationBundle", made)
    one, first = {"bundleId": made["bundleId"]}, made["versionId"]
    updated = control.update_configuration_bundle(
        **one, parentVersionIds=[first], commitMessage="m", branchName="trial", createdBy={"name": "me"}
    )
    require_modelled("UpdateConfigurationBundle", updated)
    found = control.get_configuration_bundle(**one)
    require_modelled("GetConfigurationBundle", found)
    assert (found["versionId"], found["components"], found["description"]) == (first, COMPONENTS, "d")
    assert control.get_configuration_bundle(**one, branchName="trial")["versionId"] == updated["versionId"]
    version = control.get_configuration_bundle_version(**one, versionId=updated["versionId"])
    require_modelled("GetConfigurationBundleVersion", version)
    assert version["components"] == COMPONENTS
    listed = control.list_configuration_bundle_versions(**one)
    require_modelled("ListConfigurationBundleVersions", listed)
    assert [it["versionId"] for it in listed["versions"]] == [updated["versionId"], first]
    by_me = control.list_configuration_bundle_versions(**one, filter={"createdByName": "me"})["versions"]
    assert [it["versionId"] for it in by_me] == [updated["versionId"]]
    require_modelled("ListConfigurationBundles", control.list_configuration_bundles())
    assert control.list_tags_for_resource(resourceArn=made["bundleArn"])["tags"] == {"a": "b"}
    require_modelled("DeleteConfigurationBundle", control.delete_configuration_bundle(**one))
    with pytest.raises(control.exceptions.ResourceNotFoundException):
        control.get_configuration_bundle(**one)


def test_a_version_comes_after_the_latest_of_its_branch(local_aws: ControlPlane) -> None:
    """Else there is a conflict; so is there for a name that is in use."""
    control, name = local_aws.control, local_aws.unique("prompts").replace("-", "_")
    made = control.create_configuration_bundle(bundleName=name, components=COMPONENTS)
    parent = {"bundleId": made["bundleId"], "parentVersionIds": [made["versionId"]], "commitMessage": "m"}
    control.update_configuration_bundle(**parent, description="two")
    with pytest.raises(control.exceptions.ConflictException, match="is not the latest of branch mainline"):
        control.update_configuration_bundle(**parent, description="three")
    with pytest.raises(control.exceptions.ConflictException, match="already exists"):
        control.create_configuration_bundle(bundleName=name, components=COMPONENTS)
