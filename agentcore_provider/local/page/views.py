"""The pages: each reads what it shows at the moment of the request."""

from __future__ import annotations

import contextlib
import json
import mimetypes
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from agentcore_provider.local import log_lines
from agentcore_provider.local.application.faults import KINDS, FaultError
from agentcore_provider.local.page import (
    client_settings,
    gateways,
    live_rows,
    logs,
    other_resources,
    schema_form,
    templates,
    tool_call,
)
from agentcore_provider.local.page.templates import ROOT
from agentcore_provider.local.settings import READY_AFTER_KINDS

if TYPE_CHECKING:
    from agentcore_provider.local.application import Application
    from agentcore_provider.local.application.request_log import RecordedCall
    from agentcore_provider.local.json_document import JsonObject
    from agentcore_provider.local.page.gateways import GatewayView
    from agentcore_provider.local.settings import Settings

_MOST_CALLS = 100
_FEW_CALLS = 10
_ALL = 20_000
_UNTIL_REMOVED = 1_000_000
_LONGEST_DELAY = 3600.0


class Views:
    """One method for each address; it answers a request that the site let through."""

    def __init__(self, application: Application, settings: Settings, token: str) -> None:
        """token: what every form carries."""
        self._application = application
        self._settings = settings
        self._token = token

    def overview(self, _request: Request) -> Response:
        """All gateways, and the latest calls."""
        calls = self._application.requests.latest(_FEW_CALLS)[::-1]
        return self._render("overview.html", gateways=gateways.all_gateways(), calls=calls, events=_events_address({}))

    def gateway(self, request: Request, gateway_id: str) -> Response:
        """One gateway: targets, tools, who may call it, settings of clients."""
        return self._show_gateway(self._find(gateway_id), query=request.args.get("query", ""))

    def reveal_token(self, _request: Request, gateway_id: str) -> Response:
        """The same with a token."""
        view = self._find(gateway_id)
        token = tool_call.access_token(view.gateway)
        if not token:
            raise NotFound("Local AWS has no app client that this gateway lets in.")
        return self._show_gateway(view, revealed=token)

    def tool(self, request: Request, gateway_id: str) -> Response:
        """One tool, and the form that calls it."""
        return self._show_tool(self._find(gateway_id), request.args.get("name", ""))

    def call_tool(self, request: Request, gateway_id: str) -> Response:
        """Call it, and go to what happened."""
        view, form = self._find(gateway_id), request.form
        tool = _tool_of(view, form.get("name", ""))
        try:
            arguments = schema_form.read(tool["inputSchema"], form)
        except schema_form.UnreadableArgumentsError as error:
            return self._show_tool(view, tool["name"], problem=str(error), typed=form)
        bearer = form.get("bearer", "").strip()
        base_url = self._settings.base_url
        number = tool_call.call(self._application, base_url, view.gateway, tool["name"], arguments, token=bearer)
        return redirect(f"{ROOT}calls/{number}", 303)

    def calls(self, request: Request) -> Response:
        """The latest calls, to which new ones are added."""
        chosen = _filter(request.args)
        calls = [it for it in self._application.requests.latest(_ALL) if chosen(it)][-_MOST_CALLS:]
        return self._render(
            "calls.html",
            calls=calls[::-1],
            gateways=gateways.all_gateways(),
            arguments=request.args,
            events=_events_address(request.args),
        )

    def call_events(self, request: Request) -> Response:
        """New calls as server-sent events, each a row of the table."""
        requests = self._application.requests
        latest = requests.latest(1)
        return live_rows.respond(
            request,
            known=latest[-1].number if latest else 0,
            await_later=requests.await_later,
            chosen=_filter(request.args),
            row=lambda it: templates.render_text("call_row.html", call=it),
            ending=self._application.ending,
        )

    def logs(self, request: Request) -> Response:
        """The latest lines of logs, to which new ones are added."""
        latest, view = log_lines.LINES.number, logs.view(request.args, gateways.all_gateways())
        return self._render("logs.html", view=view, latest=latest, arguments=request.args)

    def log_events(self, request: Request) -> Response:
        """New lines as server-sent events, those of each call a row of the table."""
        return live_rows.respond(
            request,
            known=log_lines.LINES.number,
            await_later=log_lines.LINES.await_later,
            chosen=logs.chosen(request.args),
            row=logs.row,
            ending=self._application.ending,
        )

    def call(self, _request: Request, number: int) -> Response:
        """What happened in one call, and the form to call the tool again."""
        call, trace = self._application.requests.find(number), self._application.requests.trace(number)
        if call is None:
            raise NotFound("This call is not kept any more.")
        view = gateways.find(call.gateway_id, self._settings.base_url) if call.gateway_id else None
        message = _object(trace.request) if trace is not None else {}
        parameters = message.get("params")
        form = None
        if view is not None and isinstance(parameters, dict):
            tool = next((it for it in view.tools if it["name"] == parameters.get("name")), None)
            arguments = parameters.get("arguments")
            form = self._form(view, tool, arguments if isinstance(arguments, dict) else {}, {}) if tool else None
        texts = _texts(trace.answer) if trace is not None else []
        return self._render("call.html", call=call, trace=trace, texts=texts, view=view, form=form)

    def faults(self, _request: Request) -> Response:
        """The faults that are set, and how to set one."""
        return self._show_faults()

    def add_fault(self, request: Request) -> Response:
        """Set a fault."""
        form = request.form
        try:
            self._application.faults.set(_fault(form))
        except (FaultError, ValueError) as error:
            return self._show_faults(problem=str(error), typed=form)
        return redirect(f"{ROOT}faults", 303)

    def remove_fault(self, request: Request) -> Response:
        """Remove one."""
        with contextlib.suppress(FaultError, ValueError):
            self._application.faults.remove(json.loads(request.form.get("fault", "")))
        return redirect(f"{ROOT}faults", 303)

    def reset(self, _request: Request) -> Response:
        """Forget every resource, as a restart does."""
        self._application.reset()
        return redirect(ROOT, 303)

    def clear_faults(self, _request: Request) -> Response:
        """Remove all faults."""
        self._application.faults.clear()
        return redirect(f"{ROOT}faults", 303)

    def set_delays(self, request: Request) -> Response:
        """Change how long resources take to settle."""
        try:
            delays = {kind: float(request.form.get(kind) or 0) for kind in READY_AFTER_KINDS}
        except ValueError:
            return self._show_faults(problem="A delay is a number of seconds, such as 2.5")
        if not all(0 <= seconds <= _LONGEST_DELAY for seconds in delays.values()):
            return self._show_faults(problem=f"A delay is between 0 and {_LONGEST_DELAY:.0f} seconds")
        self._settings.set_delays(delays)
        return redirect(f"{ROOT}faults", 303)

    def resources(self, _request: Request) -> Response:
        """Everything else in the store."""
        return self._render("resources.html", stores=other_resources.of_all_stores())

    def asset(self, _request: Request, name: str) -> Response:
        """Style sheet, script, icon."""
        file = files(__package__).joinpath("assets", name)
        if not file.is_file():
            raise NotFound
        return Response(file.read_bytes(), content_type=mimetypes.guess_type(name)[0] or "text/plain")

    def _show_gateway(self, view: GatewayView, *, query: str = "", revealed: str = "") -> Response:
        gateway, base_url = view.gateway, self._settings.base_url
        return self._render(
            "gateway.html",
            view=view,
            query=query,
            found=gateways.ranked(view, query) if query else [],
            policies=gateways.role_policies(gateway),
            snippets=client_settings.snippets(gateway, base_url) if gateway.protocol_type else [],
            token_commands=client_settings.token_commands(gateway, base_url),
            revealed=revealed,
        )

    def _show_tool(
        self, view: GatewayView, name: str, *, problem: str = "", typed: Mapping[str, str] | None = None
    ) -> Response:
        tool = _tool_of(view, name)
        form = self._form(view, tool, {}, typed or {})
        return self._render("tool.html", 400 if problem else 200, view=view, tool=tool, form=form, problem=problem)

    def _form(
        self, view: GatewayView, tool: JsonObject, arguments: JsonObject, typed: Mapping[str, str]
    ) -> dict[str, object]:
        fields = schema_form.fields(tool["inputSchema"], arguments)
        return {
            "gateway_id": view.gateway.gateway_id,
            "name": tool["name"],
            "fields": fields,
            "typed": {it.key: typed.get(it.key, it.value) for it in fields},
            "document": typed.get(schema_form.DOCUMENT) or json.dumps(arguments, indent=2, ensure_ascii=False),
            "as_json": typed.get("as") == "json" or not fields,
            "signs_in": tool_call.signs_in(view.gateway),
        }

    def _show_faults(self, *, problem: str = "", typed: Mapping[str, str] | None = None) -> Response:
        return self._render(
            "faults.html",
            400 if problem else 200,
            faults=[_without_count(it) for it in self._application.faults.list()],
            kinds=KINDS,
            delays={kind: self._settings.seconds_until_ready(kind) for kind in READY_AFTER_KINDS},
            problem=problem,
            typed=typed or {},
        )

    def _find(self, gateway_id: str) -> GatewayView:
        view = gateways.find(gateway_id, self._settings.base_url)
        if view is None:
            raise NotFound(f"Gateway {gateway_id} does not exist, or not any more.")
        return view

    def _render(self, template: str, status: int = 200, **values: object) -> Response:
        keeper = self._application.keeper
        where = str(keeper.folder.current) if keeper is not None and keeper.keeps else ""
        shared = {"token": self._token, "base_url": self._settings.base_url, "kept_in": where}
        shared |= {"state_problem": keeper.problem if keeper is not None else ""}
        return templates.render(template, status=status, **shared, **values)


def _tool_of(view: GatewayView, name: str) -> JsonObject:
    tool = next((it for it in view.tools if it["name"] == name), None)
    if tool is None:
        raise NotFound(f"Gateway {view.gateway.name} does not have a tool {name}.")
    return tool


def _without_count(fault: dict[str, object]) -> dict[str, object]:
    """A fault as it is listed, with the JSON that names it."""
    return {**fault, "document": json.dumps({name: it for name, it in fault.items() if name != "calls"})}


def _filter(arguments: Mapping[str, str]) -> Callable[[RecordedCall], bool]:
    gateway_id, only = arguments.get("gateway", ""), arguments.get("only", "")

    def chosen(call: RecordedCall) -> bool:
        if gateway_id and call.gateway_id != gateway_id:
            return False
        if only == "errors":
            return bool(call.error)
        return only != "tools" or bool(call.tool)

    return chosen


def _events_address(arguments: Mapping[str, str]) -> str:
    kept = {name: arguments[name] for name in ("gateway", "only") if arguments.get(name)}
    return f"{ROOT}calls/events?{urlencode(kept)}"


def _object(text: str) -> JsonObject:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _texts(answer: str) -> list[str]:
    """The texts of a tool's result."""
    result = _object(answer).get("result")
    blocks = result.get("content") if isinstance(result, dict) else None
    return [str(it["text"]) for it in blocks or () if isinstance(it, dict) and "text" in it]


def _fault(form: Mapping[str, str]) -> dict[str, object]:
    """The fault that was typed. Raises ValueError."""
    fault: dict[str, object] = {"operation": form.get("operation", "").strip(), "kind": form.get("kind", "")}
    fault["times"] = _UNTIL_REMOVED
    for name, read, what in (
        ("times", int, "a whole number"),
        ("nth", int, "a whole number"),
        ("status", int, "a whole number"),
        ("seconds", float, "a number"),
    ):
        if not (text := form.get(name, "").strip()):
            continue
        try:
            fault[name] = read(text)
        except ValueError:
            raise ValueError(f"{name} has to be {what}, and {text[:40]!r} is not") from None
    if form.get("reason"):
        fault["reason"] = form["reason"]
    return fault
