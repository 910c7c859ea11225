"""One problem with what somebody wrote: what every check of this package returns and every error carries.

Sources are short: "devguide PAGE" is https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/PAGE.html,
"botocore model SERVICE" is the service model that ships with botocore, "OWNER/REPO#N" is a public report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal

_WORD = re.compile(r"[a-z]+[ ,;:]")

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem, as data. `str(problem)` is its line.

    path: where it is, such as `interceptorConfigurations[0].interceptor`, `#/paths/~1orders` or `--target`; empty for the
    whole document. message: what is wrong. cure: what to do, in the imperative. source: where the rule is documented.
    code: the rule's, if a target may be deployed without it (`rules.codes`); empty for what AWS rejects by its own model.
    severity: "error" for what AWS rejects, "warning" for what it accepts but does not serve well.
    """

    path: str
    message: str
    cure: str = ""
    source: str = ""
    code: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        """`path: message. Cure. (source) [code]`, without the parts that are empty."""
        where = f"{self.path}: " if self.path else ""
        source = f" ({self.source})" if self.source else ""
        code = f" [{self.code}]" if self.code else ""
        return where + sentences(self.message, self.cure) + source + code

    def below(self, path: str) -> Problem:
        """The same problem of a document that is at this path of a larger one."""
        return replace(self, path=joined(path, self.path))

    def document(self) -> dict[str, str]:
        """The problem as JSON."""
        return asdict(self)


def sentences(message: str, cure: str) -> str:
    """The message and the cure as sentences; the message alone, as it is, if there is no cure."""
    if not cure:
        return message
    # What begins like a name, a flag or an address is written as it is.
    begin = cure[0].upper() if _WORD.match(cure) else cure[0]
    end = "" if cure.endswith((".", "?", "!")) else "."
    stop = "" if message.endswith(("?", "!")) else "."
    return f"{message.rstrip('.')}{stop} {begin}{cure[1:]}{end}"


def lines(problems: Sequence[Problem], label: str = "") -> str:
    """Problems as the text of one error. label: of what they are, such as a method or a file."""
    rendered = [str(problem) for problem in problems]
    text = "\n  ".join(rendered if len(rendered) == 1 else [f"{len(rendered)} problems:", *rendered])
    return f"{label}: {text}" if label else text


def joined(path: str, member: str | int) -> str:
    """The path of a member (or of an item, by number) below a path."""
    if isinstance(member, int):
        return f"{path}[{member}]"
    if not path or not member or member.startswith(("[", "#")):
        return path + member
    return f"{path}.{member}"


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Those that AWS would reject."""
    return [problem for problem in problems if problem.severity == "error"]
