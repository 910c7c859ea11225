"""Random requests to local AWS, the same ones for the same seed: valid, nearly valid, and garbage."""

from __future__ import annotations

import base64
import contextlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

SERVICES = (
    *("bedrock-agentcore-control", "bedrock-agentcore", "cognito-idp", "iam", "sts", "s3", "lambda"),
    *("dynamodb", "secretsmanager", "logs", "apigateway"),
)
NUMBERS = ("1" + "0" * 5000, "9" * 400 + ".5", "1e999999", "-1e400", "NaN", "-Infinity", "Infinity", "1e-999999", "0.1")
STRINGS = (
    '"\\ud800"',
    '"a\\udfffb"',
    '"\\ud83d\\ude00"',
    '"\\u0000"',
    '"' + "x" * 3000 + '"',
    '"é☃"',
    '"../../etc"',
    '""',
)
OTHERS = ("null", "true", "[]", "{}", "[[]]", '{"a":1,"a":2}', '{"":""}')
NESTED = ("[" * 150 + "]" * 150, '{"a":' * 300 + "1" + "}" * 300, "[" * 100_000, "[" * 50_000 + "]" * 50_000)
BROKEN = ("", "{", "[1,]", "nul", "{'a': 1}", '"', "\ufeff{}", "}{", "{} {}", "<a/>", "a=b&c")
VALUES = (*NUMBERS, *STRINGS, *OTHERS, *NESTED, *BROKEN)
WORDS = ("first", "second", "third")
"""Few names, so that what valid requests make stays little."""
SEGMENTS = (
    *("gateways", "mcp", "targets", "cognito", "oauth2", "token", ".well-known", "oauth-protected-resource", "_local"),
    *("openid-configuration", "jwks.json", "2015-03-31", "functions", "invocations", "tags", "inference", "faults"),
    *(
        "requests",
        "v1",
        "..",
        "%2e%2e",
        "%2F",
        "%00",
        "%ff",
        "é",
        "a" * 300,
        "",
        "arn:aws:s3:::b",
        "*",
        "x_y",
        "latest",
    ),
    *("restapis", "identities", "moto-api", "seed", "api-key", "index.html", "{id}", "%"),
)
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW", "get")
TYPES = (
    *("application/json", "application/x-amz-json-1.0", "application/x-amz-json-1.1", "text/plain", "", "a/b; c"),
    *("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "application/xml"),
)


@dataclass(frozen=True)
class Sent:
    """A request as bytes, without what the address of local AWS decides."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    raw: bytes | None = None
    """The whole message, for one that is not HTTP."""

    def message(self, port: int) -> bytes:
        """What goes over the wire."""
        if self.raw is not None:
            return self.raw.replace(b"PORT", str(port).encode())
        given = {name.lower() for name, _ in self.headers}
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if not given & {"content-length", "transfer-encoding"}:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogatepass") + self.body


@dataclass(frozen=True)
class Known:
    """What exists in the local AWS that is asked."""

    gateway_ids: tuple[str, ...]
    names: dict[str, tuple[str, ...]]
    """Member of a request -> values that exist."""
    client: tuple[str, str]
    """App client and secret."""
    domain: str
    tool: str
    function: str


class RandomRequests:
    """An endless stream of requests."""

    def __init__(self, seed: int, known: Known) -> None:
        self._random = random.Random(seed)
        self._known = known
        session = botocore.session.get_session()
        # Neither a retry nor a check of the client stands between.
        config = Config(retries={"total_max_attempts": 1}, parameter_validation=False, s3={"addressing_style": "path"})
        self._captured: list[Any] = []
        self._clients = {}
        for service in SERVICES:
            client = session.create_client(
                service,
                region_name="us-west-2",
                endpoint_url="http://127.0.0.1:1",
                aws_access_key_id="local",
                aws_secret_access_key="local",
                config=config,
            )
            client.meta.events.register("before-send", self._capture)
            self._clients[service] = client

    def __iter__(self) -> Iterator[Sent]:
        kinds = (
            self._aws,
            self._aws,
            self._aws,
            self._mcp,
            self._mcp,
            self._http,
            self._token,
            self._local_,
            self._raw,
        )
        while True:
            sent = self._random.choice((*kinds, self._invoke))()
            if sent is not None:
                yield sent

    def _capture(self, request: Any, **_: Any) -> AWSResponse:
        self._captured.append(request)
        answer = AWSResponse(request.url, 200, {}, None)
        answer._content = b""
        return answer

    def _aws(self) -> Sent | None:
        """A call of an operation, as botocore writes it, and then perhaps changed."""
        service = self._random.choice(SERVICES)
        client = self._clients[service]
        method = self._random.choice(sorted(client.meta.method_to_api_mapping))
        shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method]).input_shape
        given = self._value(shape, 0) if shape is not None else {}
        self._captured.clear()
        # What cannot be written raises, and so does the empty answer where it cannot be read.
        with contextlib.suppress(Exception):
            getattr(client, method)(**given)
        if not self._captured:
            return None
        request = self._captured[0]
        headers = tuple(
            (name, value.decode() if isinstance(value, bytes) else str(value))
            for name, value in request.headers.items()
            if name.lower() not in ("content-length", "expect")
        )
        body = request.body or b""
        body = body.read() if hasattr(body, "read") else body.encode() if isinstance(body, str) else bytes(body)
        path = "/" + request.url.split("/", 3)[3]
        if any(character in path for character in "\r\n "):
            return None
        return self._changed(Sent(request.method, path, headers, body))

    def _value(self, shape: Shape, depth: int, name: str = "") -> Any:
        pick = self._random
        if depth > 4 or pick.random() < 0.03:
            return pick.choice((None, "", "x", 0, -1, True, [], {}, "arn:aws:s3:::b", 2**70))
        if isinstance(shape, StructureShape):
            required = set(shape.required_members)
            members = list(shape.members.items())
            if getattr(shape, "is_tagged_union", False) and members:
                members = [pick.choice(members)]
                required = {members[0][0]}
            return {
                key: self._value(member, depth + 1, key)
                for key, member in members
                if pick.random() < (0.95 if key in required else 0.25)
            }
        if isinstance(shape, ListShape):
            return [self._value(shape.member, depth + 1, name) for _ in range(pick.randrange(3))]
        if isinstance(shape, MapShape):
            return {pick.choice(WORDS): self._value(shape.value, depth + 1, name) for _ in range(pick.randrange(3))}
        return self._plain(shape, name)

    def _plain(self, shape: Shape, name: str) -> Any:
        pick = self._random
        if isinstance(shape, StringShape):
            if shape.enum and pick.random() < 0.9:
                return pick.choice(shape.enum)
            known = self._known.names.get(name[:1].lower() + name[1:], ())
            return (
                pick.choice(known)
                if known and pick.random() < 0.8
                else pick.choice(
                    (*WORDS, "x" * 200, "é", "a b", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"))
                )
            )
        if shape.type_name == "blob":
            return pick.choice((b"", b"{}", b"\x00\xff", b"PK\x03\x04"))
        if shape.type_name == "boolean":
            return pick.random() < 0.5
        if shape.type_name == "timestamp":
            return "2026-01-01T00:00:00Z"
        return pick.choice((0, 1, -1, 60, 2**31, 2**63)) if shape.type_name in ("integer", "long") else 0.5

    def _changed(self, sent: Sent) -> Sent:
        """As it is, or with something of it exchanged."""
        pick = self._random
        chance = pick.random()
        if chance < 0.7:
            is_json = chance >= 0.4 and sent.body[:1] in (b"{", b"[")
            return replace(sent, body=self._json_like(sent.body.decode(errors="replace"))) if is_json else sent
        if chance < 0.78:
            return replace(sent, body=self._bytes())
        if chance < 0.84:
            return replace(sent, method=pick.choice(METHODS))
        if chance < 0.9:
            headers = [pair for pair in sent.headers if pick.random() < 0.8]
            return replace(sent, headers=(*headers, *self._headers()))
        if chance < 0.95:
            scope = pick.choice(("us-west-2/", "eu-north-7/", "nowhere/", "/", "é/", "us-west-2/us-west-2/"))
            headers = [(name, value.replace("us-west-2/", scope)) for name, value in sent.headers]
            return replace(sent, headers=tuple(headers))
        return replace(
            sent, path=sent.path + pick.choice(("/", "?", "?a=b&a=%ff", "/..", "%", "?Action=ListUsers", "/x"))
        )

    def _json_like(self, text: str) -> bytes:
        """JSON with one of its values exchanged for another, which need not be one."""
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            document = {}
        marked, places = self._marked(document)
        written = json.dumps(marked)
        chosen = self._random.randrange(places) if places else 0
        for place in range(places):
            value = self._random.choice(VALUES) if place == chosen else self._kept[place]
            written = written.replace(f'"<{place}>"', value, 1)
        return written.encode("utf-8", "surrogatepass")

    def _marked(self, document: Any) -> tuple[Any, int]:
        self._kept: list[str] = []

        def mark(value: Any) -> Any:
            if isinstance(value, dict) and value:
                return {key: mark(item) for key, item in value.items()}
            if isinstance(value, list) and value:
                return [mark(item) for item in value]
            self._kept.append(json.dumps(value))
            return f"<{len(self._kept) - 1}>"

        return mark(document), len(self._kept)

    def _bytes(self) -> bytes:
        pick = self._random
        return pick.choice(
            (
                pick.randbytes(pick.randrange(200)),
                pick.choice(VALUES).encode("utf-8", "surrogatepass"),
                b'{"a": "\xff\xfe"}',
                b"Action=" + pick.choice((b"ListUsers", b"%ff", b"A" * 5000, b"")) + b"&Version=2010-05-08",
                b"<a><b/></a>",
                b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--\r\n",
                b'"' + b"y" * 300_000 + b'"',
            )
        )

    def _headers(self) -> tuple[tuple[str, str], ...]:
        pick = self._random
        one = (
            ("Content-Type", pick.choice(TYPES)),
            (
                "X-Amz-Target",
                pick.choice(
                    ("a", ".", "a.b", "DynamoDB_20120810.é", "DynamoDB_.", "AWSCognitoIdentityProviderService.")
                ),
            ),
            (
                "Authorization",
                pick.choice(
                    (
                        "",
                        "Bearer",
                        "Bearer a.b.c",
                        "Bearer " + self._token_like(),
                        "Basic %%%",
                        "AWS4-HMAC-SHA256",
                        "AWS4-HMAC-SHA256 Credential=a/b/c/d/e",
                        f"AWS4-HMAC-SHA256 Credential=local/20260101/us-west-2/{pick.choice(('s3', 'sqs', 'nothing', 'dynamodb', 'bedrock', 'ec2', 'sagemaker'))}/aws4_request, SignedHeaders=host, Signature=0",
                    )
                ),
            ),
            ("X-Amz-Content-Sha256", pick.choice(("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "x"))),
            ("Mcp-Protocol-Version", pick.choice(("2025-11-25", "x", ""))),
            ("Content-Encoding", "gzip"),
            ("X-Amz-Client-Context", pick.choice(("e30=", "%", "bnVs", base64.b64encode(b"[" * 5000).decode()))),
            ("X-Amz-Invocation-Type", pick.choice(("Event", "DryRun", "x"))),
            ("x-moto-account-id", pick.choice(("123456789012", "x", "é"))),
            ("Range", "bytes=9-1"),
            ("X-" + "y" * 100, "z" * 5000),
            ("If-Modified-Since", "never"),
        )
        return tuple(pick.sample(one, pick.randrange(3)))

    def _token_like(self) -> str:
        parts = [pick.encode("utf-8", "surrogatepass") for pick in self._random.sample(VALUES[: -len(BROKEN)], 2)]
        return ".".join(base64.urlsafe_b64encode(part[:20_000]).decode().rstrip("=") for part in (*parts, b"x"))

    def _mcp(self) -> Sent:
        pick, known = self._random, self._known
        params = pick.choice(
            (
                {},
                {"name": known.tool, "arguments": {"id": "1"}},
                {"name": "x_amz_bedrock_agentcore_search", "arguments": {"query": "order"}},
                {"cursor": "x"},
                {
                    "protocolVersion": pick.choice(("2025-11-25", "x")),
                    "capabilities": {},
                    "clientInfo": {"name": "a", "version": "1"},
                },
            )
        )
        method = pick.choice(
            ("initialize", "ping", "tools/list", "tools/call", "tools/call", "server/discover", "x", "notifications/x")
        )
        document: Any = {"jsonrpc": "2.0", "id": pick.choice((1, "a", None, 2**80)), "method": method, "params": params}
        if pick.random() < 0.1:
            document = [document] * pick.randrange(3)
        path = f"/gateways/{pick.choice((*known.gateway_ids, 'nobody'))}/mcp"
        if pick.random() < 0.05:
            path = pick.choice(("/mcp", "/gateways", "/gateways/", f"/gateways/{known.gateway_ids[0]}", "/mcp/"))
        headers = (("Content-Type", "application/json"), *(self._headers() if pick.random() < 0.3 else ()))
        return self._changed(Sent("POST", path, headers, json.dumps(document).encode()))

    def _http(self) -> Sent:
        pick = self._random
        parts = [pick.choice((*SEGMENTS, *self._known.gateway_ids)) for _ in range(pick.randrange(6))]
        path = "/" + "/".join(
            quote(part, safe="%:*{}._-") if pick.random() < 0.9 else part.replace(" ", "") for part in parts
        )
        path += pick.choice(
            (
                "",
                "",
                "?",
                "?" + quote(pick.choice(WORDS)),
                "?list-type=2",
                "?acl",
                "?X-Amz-Credential=a",
                "?Action=" + pick.choice(("x", "CreateUser")),
            )
        )
        return Sent(pick.choice(METHODS), path, self._headers(), self._bytes() if pick.random() < 0.6 else b"")

    def _token(self) -> Sent:
        pick, (client, secret) = self._random, self._known.client
        body = pick.choice(
            (
                b"grant_type=client_credentials",
                b"grant_type=%ff",
                b"grant_type=client_credentials&scope=" + b"a" * 9000,
                self._bytes(),
            )
        )
        basic = base64.b64encode(f"{client}:{secret}".encode()).decode()
        headers = (("Authorization", f"Basic {basic}"), ("Content-Type", "application/x-www-form-urlencoded"))
        return self._changed(
            Sent("POST", f"/cognito/{pick.choice((self._known.domain, 'x'))}/oauth2/token", headers, body)
        )

    def _local_(self) -> Sent:
        pick = self._random
        name = pick.choice(("status", "health", "requests", "faults", "x", ""))
        # A fault of an operation that nobody calls.
        body = json.dumps({"operation": "Nothing", "kind": "status", "nth": 1}).encode()
        sent = Sent(pick.choice(METHODS[:5]), f"/_local/{name}", self._headers(), b"" if pick.random() < 0.3 else body)
        return replace(sent, body=self._json_like(body.decode())) if pick.random() < 0.5 and name != "faults" else sent

    def _invoke(self) -> Sent:
        pick = self._random
        scope = (
            "AWS4-HMAC-SHA256 Credential=local/20260101/us-west-2/lambda/aws4_request, SignedHeaders=host, Signature=0"
        )
        name = pick.choice(
            (self._known.function, "nobody", "%ff", quote("arn:aws:lambda:us-west-2:123456789012:function:x", safe=""))
        )
        body = pick.choice((b"{}", b'{"id": "1"}', self._bytes(), pick.choice(VALUES).encode("utf-8", "surrogatepass")))
        return Sent(
            "POST", f"/2015-03-31/functions/{name}/invocations", (("Authorization", scope), *self._headers()), body
        )

    def _raw(self) -> Sent:
        """No HTTP, or HTTP that contradicts itself."""
        pick = self._random
        host = b"Host: 127.0.0.1:PORT\r\n"
        message = pick.choice(
            (
                b"\r\n\r\n",
                b"GET\r\n\r\n",
                b"GET /\r\n\r\n",
                b"GET / HTTP/9.9\r\n" + host + b"\r\n",
                b"GET / HTTP/1.1\r\n\r\n",
                b"GET http://[ HTTP/1.1\r\n" + host + b"\r\n",
                b"GET //[/ HTTP/1.1\r\n" + host + b"\r\n",
                b"GET http://127.0.0.1:PORT/_local/status HTTP/1.1\r\n" + host + b"\r\n",
                b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n" + host + b"\r\n",
                b"GET / HTTP/1.1\r\n" + host + b"X: " + b"a" * 70_000 + b"\r\n\r\n",
                b"GET / HTTP/1.1\r\n" + host + b"X: a\r\n" * 200 + b"\r\n",
                b"GET / HTTP/1.1\r\n" + host + b"no colon\r\n\r\n",
                b"POST / HTTP/1.1\r\n" + host + b"Content-Length: -5\r\n\r\n{}",
                b"POST / HTTP/1.1\r\n" + host + b"Content-Length: x\r\n\r\n{}",
                b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 50\r\n\r\n{}",
                b"POST / HTTP/1.1\r\n" + host + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n{}",
                b"POST /gateways/x/mcp HTTP/1.1\r\n" + host + b"Content-Length: 7000000\r\n\r\n{}",
                b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
                b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\n{}",
                b"POST / HTTP/1.1\r\n" + host + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + pick.randbytes(60),
                pick.randbytes(pick.randrange(1, 300)),
            )
        )
        return Sent("", "", (), b"", message)
