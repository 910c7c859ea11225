"""`/identities/oauth2/...`: where people sign in for the targets of a gateway, and for agents.

GET  /identities/oauth2/authorize       from here to the provider's own page
GET  /identities/oauth2/callback/ID     back from it, with a code
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from agentcore_provider.local.outbound import CredentialError, oauth2_token
from agentcore_provider.local.outbound.user_sign_in import page_of, sign_ins

PATH = re.compile(r"/identities/(?P<what>oauth2/authorize|oauth2/callback/[^/]+)")
_TOO_LATE = "This sign-in is over, or too old. Call again for a new address."


def serve(request: Request, what: str) -> Response:
    """what: the address below /identities/."""
    if request.method not in ("GET", "HEAD"):
        response = _page(f"{request.method} is not allowed; use GET.", 405)
        response.headers["Allow"] = "GET"
        return response
    return _authorize(request) if what == "oauth2/authorize" else _callback(request)


def _authorize(request: Request) -> Response:
    sign_in = sign_ins.find(request.args.get("request_uri", ""))
    if sign_in is None:
        return _page(_TOO_LATE, 404)
    try:
        return redirect(page_of(sign_in, oauth2_token.authorization_endpoint(sign_in.client)), 302)
    except CredentialError as error:
        return _page(str(error), 502)


def _callback(request: Request) -> Response:
    sign_in = sign_ins.find(request.args.get("state", ""))
    if sign_in is None or not sign_in.client.callback_url.endswith(request.path):
        return _page(_TOO_LATE, 404)
    if code := request.args.get("code"):
        try:
            sign_ins.signed_in(sign_in, *oauth2_token.of_code(sign_in, code))
        except CredentialError as error:
            return _page(str(error), 502)
    else:
        sign_in.has_failed = True
        details = " ".join(request.args[name] for name in ("error", "error_description") if name in request.args)
        return _page(f"The provider did not sign you in: {details or 'without a reason'}.", 403)
    if sign_in.return_url is None:
        return _page("You are signed in. Go back to your program and call the tool again.", 200)
    mark = "&" if "?" in sign_in.return_url else "?"
    back = {"session_id": sign_in.session_uri, **({"state": sign_in.state} if sign_in.state is not None else {})}
    return redirect(f"{sign_in.return_url}{mark}{urlencode(back)}", 302)


def _page(text: str, status: int) -> Response:
    return Response(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
