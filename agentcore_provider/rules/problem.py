"""One thing that is wrong with a document, and the value that is not known yet.

Sources are short: "devguide PAGE" is https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/PAGE.html,
"botocore model SERVICE" is the service model that ships with botocore, "OWNER/REPO#N" is a public report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final, Literal

from agentcore_provider.documents.limits import Unreadable

Severity = Literal["error", "warning"]


class Unknown:
    """Type of UNKNOWN."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
"""A value not known yet, at preview: never judged, and a member that has it counts as present."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    severity: "error" is what the service refuses, "warning" what it takes but will not serve well.
    path: where in the document, such as `interceptorConfigurations[0].interceptor`; empty for all of it.
    message: what is wrong. fix: what to do. source: where the rule is written.
    code: of a rule that a target may do without (`codes`), empty for what AWS refuses by its own model.
    """

    severity: Severity
    path: str
    message: str
    fix: str
    source: str
    code: str = ""

    def line(self) -> str:
        """All of it as one line: `path: message. fix (source) [code]`."""
        where = f"{self.path}: " if self.path else ""
        return f"{where}{self.message}. {self.fix} ({self.source}){self.mark}"

    @property
    def mark(self) -> str:
        """The code as it ends a line, with the space before it; empty where there is none."""
        return f" [{self.code}]" if self.code else ""

    def below(self, path: str) -> Problem:
        """The same problem of a document that is found at this path of a larger one."""
        return replace(self, path=joined(path, self.path))

    def document(self) -> dict[str, str]:
        """The problem as JSON."""
        return asdict(self)


def unreadable(error: Unreadable) -> Problem:
    """A text or document that cannot be judged, as a problem of all of it or of the value that is wrong."""
    place = f"line {error.line}" if error.line else ""
    place += f", column {error.column}" if error.line and error.column else ""
    message = f"{place}: {error.why}" if place else error.why
    return Problem("error", error.pointer or "#", message, f"{error.cure}.", error.source)


def joined(path: str, member: str | int) -> str:
    """The path of a member (or of an item, by number) below a path."""
    if isinstance(member, int):
        return f"{path}[{member}]"
    if not path or not member or member.startswith(("[", "#")):
        return path + member
    return f"{path}.{member}"


def errors(problems: Sequence[Problem]) -> list[Problem]:
    """Those that the service would refuse."""
    return [problem for problem in problems if problem.severity == "error"]


def warnings(problems: Sequence[Problem]) -> list[Problem]:
    """Those that the service would take."""
    return [problem for problem in problems if problem.severity == "warning"]
