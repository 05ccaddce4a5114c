"""
Writes REFERENCE.md: every method of the client and every function beside it, with their words. A test holds the committed
file against this. Needs the package to be importable.

    python scripts/generate_reference.py [--check]
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import understudy
from understudy import (
    CallOptions,
    ChangeOptions,
    IdempotentOptions,
    PageOptions,
    PutOptions,
    Understudy,
    frames,
    testing,
    webhooks,
)

FILE = Path(__file__).resolve().parent.parent / "REFERENCE.md"

HEAD = """# Reference of the Python client

Written by scripts/generate_reference.py. `AsyncUnderstudy` has the same methods with `await`; where `List`, `Download`
or `Iterator` come back, it is `async for`. What comes back is in `understudy.models`, what bodies hold in
`understudy.requests`.
"""


def words(thing: Any) -> str:
    text = inspect.getdoc(thing) or ""
    text = re.sub(r"^:param (\w+):", r"- `\1`:", text, flags=re.MULTILINE)
    text = re.sub(r"^:raises (\w+):", r"- raises `\1`:", text, flags=re.MULTILINE)
    return text.strip()


def signature(name: str, thing: Any) -> str:
    text = str(inspect.signature(thing)).replace("(self, ", "(").replace("(self)", "()")
    text = re.sub(r"\*\*options: '?Unpack\[(\w+)\]'?", r"**options: \1", text)
    return f"{name}{text.replace(chr(39), '')}"


def entry(name: str, thing: Any, level: int = 3) -> Iterator[str]:
    yield f"{'#' * level} `{name.split('.')[-1]}`\n"
    yield f"```python\n{signature(name, thing)}\n```\n"
    if words(thing):
        yield f"{words(thing)}\n"


def methods(thing: Any) -> Iterator[tuple[str, Any]]:
    for name, method in vars(type(thing)).items():
        if inspect.isfunction(method) and not name.startswith("_"):
            yield name, method


def parts() -> Iterator[str]:
    yield HEAD
    yield "## `Understudy`, `AsyncUnderstudy`\n"
    yield f"```python\n{signature('Understudy', Understudy.__init__)}\n```\n"
    yield f"{words(Understudy.__init__)}\n"
    client = Understudy("http://127.0.0.1:8080")
    for name in ("predict", "predict_batch", "predict_many", "me", "close"):
        yield from entry(f"client.{name}", getattr(client, name))
    for name, resource in vars(client).items():
        if name.startswith("_") or not type(resource).__module__.startswith("understudy."):
            continue
        yield f"## `client.{name}`\n"
        if words(type(resource)):
            yield f"{words(type(resource))}\n"
        for method, function in methods(resource):
            yield from entry(f"client.{name}.{method}", function)
    client.close()
    yield "## Options of a call\n"
    for options in (CallOptions, IdempotentOptions, PageOptions, ChangeOptions, PutOptions):
        fields = ", ".join(f"`{field}`" for field in options.__annotations__)
        yield f"- `{options.__name__}`: {fields}"
    yield "\n## Lists and downloads\n"
    for kind in (understudy.List, understudy.Download):
        for name, method in vars(kind).items():
            if inspect.isfunction(method) and not name.startswith("_"):
                yield from entry(f"{kind.__name__}.{name}", method)
    yield "## Errors\n"
    for name in understudy.__all__:
        error = getattr(understudy, name)
        if inspect.isclass(error) and issubclass(error, Exception):
            yield f"- `{name}`: {words(error)}"
    for module in (webhooks, frames, testing):
        yield f"\n## `{module.__name__}`\n"
        for name in module.__all__:
            thing = getattr(module, name)
            if inspect.isfunction(thing):
                yield from entry(name, thing)
        for name in module.__all__:
            thing = getattr(module, name)
            if inspect.isclass(thing) and not issubclass(thing, Exception):
                yield f"### `{name}`\n\n{words(thing)}\n"
                for method, function in vars(thing).items():
                    if inspect.isfunction(function) and not method.startswith("_"):
                        yield from entry(f"{name}.{method}", function, 4)


def render() -> str:
    return "\n".join(parts()).rstrip() + "\n"


def main() -> int:
    text = render()
    if "--check" not in sys.argv:
        FILE.write_text(text, "utf-8")
    elif not FILE.exists() or FILE.read_text("utf-8") != text:
        print("stale: REFERENCE.md; run python scripts/generate_reference.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
