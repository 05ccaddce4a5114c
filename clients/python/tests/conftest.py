from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
CONFORMANCE = ROOT / "contracts" / "conformance"


@pytest.fixture(scope="session")
def contract() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ROOT / "contracts" / "openapi.json").read_text("utf-8"))
    return document


@pytest.fixture(scope="session")
def scripted_server() -> Iterator[str]:
    """The address of the scripted server that all languages are held against."""
    node = os.environ.get("UNDERSTUDY_NODE") or shutil.which("node")
    assert node is not None, "the scripted server needs Node: put it on the PATH, or name it in UNDERSTUDY_NODE"
    command = [node, str(ROOT / "tests" / "conformance" / "src" / "server.ts")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            match = re.match(r"listening on (http://\S+)", line)
            assert match is not None, f"the scripted server said {line!r}"
            yield match.group(1)
        finally:
            process.terminate()
