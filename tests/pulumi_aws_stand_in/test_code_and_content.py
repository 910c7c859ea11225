"""Code of functions and content of objects: new ones arrive, and those of others are put back."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import grpc
import pytest

from agentcore_provider.pulumi_aws_stand_in.wire import UNKNOWN

ROLE = "aws:iam/role:Role"
FUNCTION = "aws:lambda/function:Function"
BUCKET = "aws:s3/bucket:Bucket"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"


def test_new_code_is_uploaded_and_its_outputs_are_unknown_before(engine: Any, aws: Any) -> None:
    inputs = engine.function(publish=True)
    state = engine.create(FUNCTION, "f", inputs)
    changed = {**inputs, "code": engine.code("def handler(event, context): return 2")}
    preview = engine.update(FUNCTION, "f", state, changed, preview=True)
    for key in ("codeSha256", "lastModified", "qualifiedArn", "sourceCodeHash", "version"):
        assert preview.outputs[key] is UNKNOWN, key
    updated = engine.update(FUNCTION, "f", state, changed)
    assert updated.outputs["sourceCodeHash"] != state.outputs["sourceCodeHash"]
    assert (state.outputs["version"], updated.outputs["version"]) == ("1", "2")
    configuration = aws("lambda").get_function(FunctionName=state.outputs["name"])["Configuration"]
    assert configuration["CodeSha256"] == updated.outputs["codeSha256"]


def test_code_that_someone_else_uploaded_is_put_back_after_a_refresh(engine: Any, aws: Any) -> None:
    inputs = engine.function()
    state = engine.create(FUNCTION, "f", inputs)
    aws("lambda").update_function_code(FunctionName=state.id, ZipFile=b"PK\x05\x06" + bytes(18))
    refreshed = engine.read(FUNCTION, "f", state)
    assert list(engine.plan(FUNCTION, "f", refreshed, inputs).diffs) == ["code"]
    restored = engine.update(FUNCTION, "f", refreshed, inputs)
    assert restored.outputs["codeSha256"] == state.outputs["codeSha256"]


def test_code_can_come_from_s3(engine: Any, aws: Any) -> None:
    place = engine.create(BUCKET, "code", {})
    inputs = engine.function()
    archive = inputs.pop("code")
    source = engine.create(OBJECT, "code.zip", {"bucket": place.id, "source": archive})
    state = engine.create(FUNCTION, "f", {**inputs, "s3Bucket": place.id, "s3Key": source.outputs["key"]})
    body = aws("s3").get_object(Bucket=place.id, Key="code.zip")["Body"].read()
    assert state.outputs["codeSha256"] == base64.b64encode(hashlib.sha256(body).digest()).decode()


def test_settings_changed_behind_our_back_show_in_a_refresh_and_are_put_back(engine: Any, aws: Any) -> None:
    inputs = engine.function(timeout=10)
    state = engine.create(FUNCTION, "f", inputs)
    aws("lambda").update_function_configuration(FunctionName=state.id, Timeout=99, MemorySize=512)
    refreshed = engine.read(FUNCTION, "f", state)
    assert refreshed.inputs["timeout"] == 99
    assert set(engine.plan(FUNCTION, "f", refreshed, inputs).diffs) == {"memorySize", "timeout"}
    restored = engine.update(FUNCTION, "f", refreshed, inputs)
    assert (restored.outputs["timeout"], restored.outputs["memorySize"]) == (10, 128)


def test_an_object_has_its_key_content_and_etag(engine: Any, aws: Any) -> None:
    place = engine.create(BUCKET, "files", {})
    state = engine.create(OBJECT, "a/b.json", {"bucket": place.id, "content": "[]"})
    assert state.outputs["key"] == "a/b.json"
    assert state.outputs["etag"] == hashlib.md5(b"[]").hexdigest()
    assert state.outputs["arn"] == f"arn:aws:s3:::{place.id}/a/b.json"
    encoded = engine.create(OBJECT, "raw", {"bucket": place.id, "contentBase64": base64.b64encode(b"\0\1").decode()})
    assert aws("s3").get_object(Bucket=place.id, Key=encoded.outputs["key"])["Body"].read() == b"\0\1"


def test_a_full_bucket_goes_only_if_the_program_says_so(engine: Any) -> None:
    for force in (True, False):
        place = engine.create(BUCKET, f"full-{force}", {"forceDestroy": force, "versioning": {"enabled": True}})
        engine.create(OBJECT, "x", {"bucket": place.id, "content": "1"})
        if force:
            engine.delete(BUCKET, "full", place)
        else:
            with pytest.raises(grpc.RpcError) as error:
                engine.delete(BUCKET, "full", place)
            assert "BucketNotEmpty" in str(error.value)
