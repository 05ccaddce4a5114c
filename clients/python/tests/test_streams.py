"""Imports, downloads and batches: nothing is held that need not be."""

from __future__ import annotations

import asyncio
import gzip
import io
import itertools
import json
import threading
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from understudy import ConnectionFailed, Understudy, UnderstudyError
from understudy.testing import FakeUnderstudy

ROW = {"input": {"text": "hello"}, "label": "ok"}


@pytest.fixture
def drain() -> Iterator[tuple[str, list[int]]]:
    """A server that takes an upload, remembers no byte of it, and says how many there were."""
    sizes: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            size = 0
            while True:
                length = int(self.rfile.readline(), 16)
                size += length
                left = length
                while left > 0:
                    left -= len(self.rfile.read(min(left, 65536)))
                self.rfile.readline()
                if length == 0:
                    break
            sizes.append(size)
            answer = json.dumps(
                {"accepted": 1, "duplicates": 0, "conflicts": 0, "rejected": 0, "problems": [], "new_labels": []}
            ).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", sizes
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_import_of_any_size_takes_constant_memory(drain: tuple[str, list[int]]) -> None:
    url, sizes = drain
    row = {"input": {"text": "x" * 500}, "label": "ok"}
    with Understudy(url, "us_x") as client:
        client.examples.import_("t", itertools.repeat(row, 100))  # loads what is loaded once
        tracemalloc.start()
        client.examples.import_("t", itertools.repeat(row, 40_000))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert sizes[-1] == 40_000 * (len(json.dumps(row, separators=(",", ":"))) + 1)
    assert sizes[-1] > 20_000_000
    assert peak < 2_000_000


async def asynchronous(rows: list[Any]) -> AsyncIterator[Any]:
    for row in rows:
        yield row


SOURCES: dict[str, Callable[[Path], Any]] = {
    "list": lambda folder: [ROW, ROW],
    "generator": lambda folder: (row for row in [ROW, ROW]),
    "function": lambda folder: lambda: iter([ROW, ROW]),
    "text": lambda folder: json.dumps(ROW) + "\n" + json.dumps(ROW),
    "bytes": lambda folder: (json.dumps(ROW) + "\n" + json.dumps(ROW)).encode(),
    "file": lambda folder: io.BytesIO((json.dumps(ROW) + "\n" + json.dumps(ROW)).encode()),
    "pieces": lambda folder: iter([json.dumps(ROW).encode(), b"\n" + json.dumps(ROW).encode()]),
    "path": lambda folder: written(folder / "rows.ndjson"),
}


def written(path: Path) -> Path:
    path.write_text(json.dumps(ROW) + "\n" + json.dumps(ROW), "utf-8")
    return path


@pytest.mark.parametrize("gzip_it", [False, True])
@pytest.mark.parametrize("kind", SOURCES)
def test_every_kind_of_source(kind: str, gzip_it: bool, tmp_path: Path) -> None:
    fake = FakeUnderstudy()
    told: list[int] = []
    with fake.client() as client:
        client.examples.import_("t", SOURCES[kind](tmp_path), gzip=gzip_it, on_progress=told.append)
    assert fake.imported["t"] == [ROW, ROW]
    assert told == sorted(told)
    assert told[-1] >= 80


def test_asynchronous_sources() -> None:
    fake = FakeUnderstudy()

    async def run() -> None:
        async with fake.async_client() as client:
            await client.examples.import_("t", asynchronous([ROW]))
            await client.examples.import_("t", [ROW])

    asyncio.run(run())
    assert fake.imported["t"] == [ROW, ROW]


def test_what_can_be_sent_again_is() -> None:
    fake = FakeUnderstudy().fails(503, times=1)
    with fake.client() as client:
        client.examples.import_("t", [ROW])
        assert fake.imported["t"] == [ROW]
        fake.fails(503, times=1)
        with pytest.raises(UnderstudyError):
            client.examples.import_("t", iter([ROW]))
    assert fake.imported["t"] == [ROW]


def test_a_source_that_breaks_is_raised_as_it_is() -> None:
    class Broken(Exception):
        pass

    def rows() -> Iterator[dict[str, Any]]:
        yield ROW
        raise Broken

    with FakeUnderstudy().client() as client:
        with pytest.raises(Broken):
            client.examples.import_("t", rows())
        with pytest.raises(TypeError, match="int"):
            client.examples.import_("t", [1, 2])
        with pytest.raises(TypeError, match="list"):
            client.examples.import_("t", ROW)
        with pytest.raises(ValueError, match="both"):
            client.examples.import_("t", [], gzip=True, gzipped=True)


def test_gzip_on_the_way() -> None:
    bodies: list[bytes] = []

    def handle(request: httpx.Request) -> httpx.Response:
        bodies.append(request.read())
        assert request.headers["content-encoding"] == "gzip"
        assert request.headers["content-type"] == "text/csv"
        return httpx.Response(200, json={"accepted": 1})

    http = httpx.Client(transport=httpx.MockTransport(handle))
    Understudy("http://x", http_client=http).examples.import_("t", "text,label\nü,ok\n", format="csv", gzip=True)
    assert gzip.decompress(bodies[0]).decode() == "text,label\nü,ok\n"


def test_a_download_that_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"one"
        raise httpx.RemoteProtocolError("cut")

    def handle(request: httpx.Request) -> httpx.Response:
        whole = request.url.path.endswith("backup")
        return httpx.Response(200, content=iter([b"one", b"two"]) if whole else pieces())

    client = Understudy("http://x", http_client=httpx.Client(transport=httpx.MockTransport(handle)))
    with pytest.raises(ConnectionFailed):
        client.ledger.export().save(tmp_path / "ledger")
    assert list(tmp_path.iterdir()) == []
    assert client.backups.download().save(tmp_path / "backup") == 6
    assert (tmp_path / "backup").read_bytes() == b"onetwo"


def test_many_in_order_and_no_further_ahead_than_on_the_wire() -> None:
    fake = FakeUnderstudy().decides("t", lambda text: text)
    taken = 0

    def items() -> Iterator[str]:
        nonlocal taken
        for number in range(95):
            taken += 1
            yield str(number)

    with fake.client() as client:
        ahead = []
        found = []
        for decided in client.predict_many("t", items(), batch_size=10, concurrency=3):
            found.append((decided.item, decided.decision.label))
            ahead.append(taken - len(found))
    assert found == [(str(number), str(number)) for number in range(95)]
    assert max(ahead) < 30
    assert len(fake.requests) == 10


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_the_first_failure_ends_many(mode: str) -> None:
    fake = FakeUnderstudy().decides("t", "a")
    seen = 0

    def items() -> Iterator[str]:
        nonlocal seen
        for _ in range(1_000_000):
            seen += 1
            if seen == 21:
                fake.fails(400, code="invalid_body")
            yield "x"

    async def run() -> None:
        async with fake.async_client() as client:
            async for _ in client.predict_many("t", items(), batch_size=10, concurrency=2):
                pass

    with pytest.raises(UnderstudyError) as caught:
        if mode == "async":
            asyncio.run(run())
        else:
            with fake.client() as client:
                for _ in client.predict_many("t", items(), batch_size=10, concurrency=2):
                    pass
    assert caught.value.code == "invalid_body"
    assert seen < 60


def test_many_refuses_what_cannot_be() -> None:
    with FakeUnderstudy().client() as client:
        wrong: list[dict[str, Any]] = [{"batch_size": 0}, {"batch_size": 1001}, {"concurrency": 0}]
        for options in wrong:
            with pytest.raises(ValueError):
                list(client.predict_many("t", ["a"], **options))
        with pytest.raises(TypeError):
            list(client.predict_many("t", [{"text": "no input"}]))
