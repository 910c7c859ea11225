#!/bin/sh
# mcp 2.3.0: ClientCredentialsOAuthProvider(scope="orders/read") never asks for that scope. When the metadata of the
# authorization server lists scopes_supported, it asks for all of those; otherwise it asks for none. Cognito lists
# "openid email phone profile" for every user pool, which its client_credentials grant refuses with invalid_scope.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check mcp==2.3.0
cat > "$folder/ask.py" <<'PYTHON'
import asyncio, json, sys, threading, urllib.parse, warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider

LISTED, ASKED = sys.argv[1].split(), []


class Server(BaseHTTPRequestHandler):
    def answer(self, status, body, **headers):
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if "oauth-protected-resource" in self.path:
            self.answer(200, {"resource": f"{URL}/mcp", "authorization_servers": [URL]})
        elif "well-known" in self.path:
            document = {"issuer": URL, "authorization_endpoint": f"{URL}/authorize", "token_endpoint": f"{URL}/token"}
            document |= {"response_types_supported": ["code"]} | ({"scopes_supported": LISTED} if LISTED else {})
            self.answer(200, document)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path == "/token":
            ASKED.append(urllib.parse.parse_qs(body).get("scope", [""])[0])
            self.answer(200, {"access_token": "t", "token_type": "Bearer", "expires_in": 60})
        elif self.headers.get("Authorization"):
            self.answer(200, {})
        else:
            self.answer(401, {}, WWW_Authenticate=f'Bearer resource_metadata="{URL}/.well-known/oauth-protected-resource"')

    def log_message(self, *_): ...


class Memory:
    async def get_tokens(self): return None
    async def set_tokens(self, tokens): ...
    async def get_client_info(self): return None
    async def set_client_info(self, info): ...


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
URL = f"http://127.0.0.1:{server.server_port}"
threading.Thread(target=server.serve_forever, daemon=True).start()


async def main():
    auth = ClientCredentialsOAuthProvider(f"{URL}/mcp", Memory(), "client", "secret", scope="orders/read", issuer=URL)
    async with httpx2.AsyncClient(auth=auth) as http:
        await http.post(f"{URL}/mcp", json={})


asyncio.run(main())
print(ASKED[0])
PYTHON
listed=$(timeout 60 "$folder/venv/bin/python" "$folder/ask.py" "openid email phone profile")
unlisted=$(timeout 60 "$folder/venv/bin/python" "$folder/ask.py" "")
echo "mcp 2.3.0, scope=\"orders/read\""
echo "scopes_supported listed:     token request has scope=\"$listed\""
echo "scopes_supported not listed: token request has scope=\"$unlisted\""
[ "$listed" = "openid email phone profile" ] && [ -z "$unlisted" ]
