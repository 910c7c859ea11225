"""Refuses a commit message without a short subject and a body: `python -m engine.commit_message FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

_LONGEST_SUBJECT = 60


def problems(message: str) -> list[str]:
    """What to change in a commit message. Git's comments do not count; merges, reverts and fixups are Git's own."""
    lines = [it for it in message.splitlines() if not it.startswith("#")]
    subject, body = (lines[0] if lines else ""), "\n".join(lines[1:])
    if subject.startswith(("Merge ", "Revert ", "fixup! ", "squash! ")):
        return []
    found = []
    if not subject.strip():
        found.append("The first line is empty: write an imperative subject")
    if len(subject) > _LONGEST_SUBJECT:
        found.append(f"The subject has {len(subject)} characters: shorten it to {_LONGEST_SUBJECT}")
    if not body.strip():
        found.append("There is no body: add a blank line and why the change is made")
    elif lines[1].strip():
        found.append("The second line is not blank: separate subject and body")
    return found


def main() -> int:
    """Exit code 1 if the message has to change."""
    found = problems(Path(sys.argv[1]).read_text())
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
