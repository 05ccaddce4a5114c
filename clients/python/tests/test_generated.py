from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"


@pytest.mark.parametrize("script", ["generate_models.py", "derive_sync.py", "generate_reference.py"])
def test_committed_files_are_those_of_the_script(script: str) -> None:
    done = subprocess.run([sys.executable, str(SCRIPTS / script), "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
