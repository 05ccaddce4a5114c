"""
Writes src/understudy/_sync from src/understudy/_async: the same words without their waiting. Only runtime.py is written
by hand on both sides. A test holds the committed files against this.

    python scripts/derive_sync.py [--check]
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "understudy"
BY_HAND = {"runtime.py", "__init__.py"}

WORDS = [
    (r"\basync (def|for|with)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\bAsync([A-Z]\w+)", r"\1"),
    (r"\b__a(enter|exit|iter|next)__\b", r"__\1__"),
    (r"\b(a)(close|iter_bytes|read)\b", r"\2"),
    (r"\basynccontextmanager\b", "contextmanager"),
    (r"\b_async\b", "_sync"),
]


def derive(text: str) -> str:
    for pattern, replacement in WORDS:
        text = re.sub(pattern, replacement, text)
    return text


def render() -> dict[Path, str]:
    written: dict[Path, str] = {}
    source = PACKAGE / "_async"
    for file in sorted(source.rglob("*.py")):
        if file.name not in BY_HAND:
            head = "# Derived from understudy._async by scripts/derive_sync.py.\n"
            written[PACKAGE / "_sync" / file.relative_to(source)] = head + derive(file.read_text("utf-8"))
    return written


def main() -> int:
    stale = []
    for file, text in render().items():
        if "--check" in sys.argv:
            if not file.exists() or file.read_text("utf-8") != text:
                stale.append(str(file.relative_to(PACKAGE)))
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
    if stale:
        print(f"stale: {', '.join(stale)}; run python scripts/derive_sync.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
