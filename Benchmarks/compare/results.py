"""The page of results: one part for each benchmark, each with a title of its own; whoever writes replaces only its part."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "RESULTS.md"


def put(lines: list[str]) -> None:
    """`lines` begin with their title, `# …`."""
    parts = re.split(r"(?m)^(?=# )", PAGE.read_text()) if PAGE.exists() else []
    parts = [part.rstrip() for part in parts if part.strip()]
    new = "\n".join(lines).rstrip()
    places = [place for place, part in enumerate(parts) if part.splitlines()[0] == lines[0]]
    if places:
        parts[places[0]] = new
    else:
        parts.append(new)
    PAGE.write_text("\n\n".join(parts) + "\n")
