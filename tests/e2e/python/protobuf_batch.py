"""Google's Protocol Buffers for Python, generated from the published schema, as a client of the batch route.

Reads {"url", "key", "task", "schema", "texts"} from standard input; `schema` is the text of understudy.proto. Prints
what it saw as JSON; whether that is right, the test that starts this says.
"""

import importlib
import json
import pathlib
import sys
import tempfile
import urllib.request

from google.protobuf import __version__
from google.protobuf.json_format import MessageToDict
from grpc_tools import protoc

given = json.load(sys.stdin)

with tempfile.TemporaryDirectory() as folder:
    pathlib.Path(folder, "understudy.proto").write_text(given["schema"], encoding="utf-8")
    if protoc.main(["protoc", f"--proto_path={folder}", f"--python_out={folder}", "understudy.proto"]) != 0:
        sys.exit("protoc does not take the schema")
    sys.path.insert(0, folder)
    messages = importlib.import_module("understudy_pb2")

request = messages.BatchRequest()
for index, text in enumerate(given["texts"]):
    item = request.items.add(subject="somebody", external_id=f"row-{index}", explain=index == 0)
    item.input.text = text
    item.attributes["channel"].text = "mail"
    item.attributes["amount"].number = 12.5
    item.attributes["urgent"].flag = False
    item.attributes["language"].null = True

call = urllib.request.Request(
    f"{given['url']}/v1/predict/{given['task']}/batch",
    data=request.SerializeToString(),
    headers={
        "Authorization": f"Bearer {given['key']}",
        "Content-Type": "application/x-protobuf",
        "Accept": "application/x-protobuf",
    },
)
with urllib.request.urlopen(call) as answer:
    content_type, body = answer.headers["Content-Type"], answer.read()

decisions = messages.Decisions()
decisions.ParseFromString(body)
size = decisions.ByteSize()
# Nothing in it that the schema does not have: without unknown fields it is as long.
decisions.DiscardUnknownFields()
print(
    json.dumps(
        {
            "version": __version__,
            "content_type": content_type,
            "bytes": [size, decisions.ByteSize()],
            "labels": [
                decisions.labels[one.label] if one.HasField("label") else None for one in decisions.decisions
            ],
            "message": MessageToDict(decisions, preserving_proto_field_name=True),
        }
    )
)
