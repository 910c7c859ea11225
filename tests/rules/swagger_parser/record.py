"""Records what swagger-parser says of each document of faults.yaml, and of the corpora: `python record.py`.

It needs Java 17 or newer, Maven and Maven's central repository, so no test runs it: tests compare our rules with what it
recorded in verdicts.json.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path += [str(HERE), str(HERE.parent / "corpus")]

import documents  # noqa: E402


def main() -> None:
    """Asks about all documents in one process."""
    target = HERE / "target"
    classpath = target / "classpath"
    ask = ["mvn", "-q", "-B", "dependency:build-classpath", f"-Dmdep.outputFile={classpath}"]
    subprocess.run(ask, cwd=HERE, check=True)
    texts = documents.texts()
    answer = subprocess.run(
        ["java", "-cp", classpath.read_text(), str(HERE / "Verdicts.java")],
        input="".join(f"{json.dumps(text)}\n" for text in texts.values()),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    verdicts = [json.loads(line) for line in answer.stdout.splitlines() if line.startswith("{")]
    recorded: dict[str, Any] = dict(zip(texts, verdicts, strict=True))
    (HERE / "verdicts.json").write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(recorded)} documents, {sum(bool(it['messages']) or not it['read'] for it in verdicts)} refused")


if __name__ == "__main__":
    main()
