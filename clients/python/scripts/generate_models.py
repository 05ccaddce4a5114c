"""
Writes src/understudy/models.py (answers, as tolerant pydantic models) and src/understudy/requests.py (bodies, as typed
dictionaries) from contracts/openapi.json. A test holds the committed files against this.

    python scripts/generate_models.py [--check]
"""

from __future__ import annotations

import json
import keyword
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CONTRACT = HERE.parent.parent.parent / "contracts" / "openapi.json"
PACKAGE = HERE.parent / "src" / "understudy"

Schema = dict[str, Any]

#: Shown once, or worth as much as a password: never in a repr.
SECRETS = {"secret", "csrf_token", "claim_token", "api_key"}
SECRETS_OF = {"SignInCode": {"code", "path"}}
#: Without these an answer is some other document.
ESSENTIAL = {"Decision": ["id", "outcome"], "DecisionDetail": ["id", "outcome"], "BatchResponse": ["decisions"]}
#: Hand-written halves of a model.
BASES = {"Decision": "DecisionAnswers", "DecisionDetail": "DecisionAnswers", "DecisionSummary": "DecisionAnswers"}
#: Answers that the contract writes out in their operation.
INLINE = {"Readiness": "/healthz/ready", "ServerVersion": "/version"}
#: What only streams and webhooks hold.
SAID = ["Problem", "Event", "EventList", "VerifyLine", "JobSummary", "TrainingRun"]
#: Bodies that the contract writes out in their operation though it names them.
BODIES = [
    "ApiKeyRequest",
    "MemberRequest",
    "MemberChange",
    "SessionRequest",
    "WorkspaceRequest",
    "WorkspaceQuota",
]


def pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def branches(schema: Schema) -> list[Schema]:
    found: list[Schema] = schema.get("anyOf") or schema.get("oneOf") or [schema]
    return found


def is_object(schema: Schema) -> bool:
    return bool(schema.get("properties"))


def merged(objects: list[Schema]) -> Schema:
    """Objects that a union tells apart, as one whose fields are required where all require them."""
    properties: dict[str, list[Schema]] = {}
    for one in objects:
        for name, field in one["properties"].items():
            if field not in properties.setdefault(name, []):
                properties[name].append(field)
    required = set.intersection(*(set(one.get("required", [])) for one in objects))
    return {
        "type": "object",
        "properties": {n: f[0] if len(f) == 1 else {"anyOf": f} for n, f in properties.items()},
        "required": [n for n in properties if n in required],
    }


class Writer:
    """Classes in the order in which they need each other."""

    def __init__(self, schemas: dict[str, Schema]) -> None:
        self.schemas = schemas
        self.classes: list[str] = []
        self.names: set[str] = set()

    def type_of(self, schema: Schema, name: str) -> str:
        if "$ref" in schema:
            return self.reference(schema["$ref"].rsplit("/", 1)[1])
        found = branches(schema)
        objects = [one for one in found if is_object(one)]
        parts: list[str] = []
        literals = [one["const"] for one in found if "const" in one]
        if literals:
            parts.append(self.literal(literals))
        if objects:
            parts.append(self.objects(objects, name))
        nullable = False
        for one in found:
            if "const" in one or is_object(one):
                continue
            if one.get("type") == "null":
                nullable = True
                continue
            part = self.plain(one, name)
            if part not in parts:
                parts.append(part)
        joined = parts[0] if len(parts) == 1 else f"Union[{', '.join(parts)}]"
        return f"Optional[{joined}]" if nullable else joined

    def plain(self, schema: Schema, name: str) -> str:
        if "$ref" in schema:
            return self.type_of(schema, name)
        if "anyOf" in schema:
            return self.type_of(schema, name)
        kind = schema.get("type")
        if kind == "string":
            return self.time() if schema.get("format") == "date-time" else "str"
        if kind == "array":
            item = schema.get("items", {})
            return f"{self.sequence()}[{self.type_of(item, name + 'Item' if not name.endswith('s') else name[:-1])}]"
        if kind == "object":
            values = [*schema.get("patternProperties", {}).values()]
            rest = schema.get("additionalProperties")
            values += [rest] if isinstance(rest, dict) else []
            if len(values) > 1:
                raise ValueError(f"{name}: several kinds of values")
            value = self.type_of(values[0], name + "Value") if values else "Any"
            return f"{self.mapping()}[str, {value}]"
        simple = {"integer": "int", "number": "float", "boolean": "bool", None: "Any"}
        if kind not in simple:
            raise ValueError(f"{name}: type {kind} is not known to the generator")
        return simple[kind]

    def reference(self, name: str) -> str:
        if name not in self.names:
            self.declare(name)
        return name

    def declare(self, name: str, schema: Schema | None = None) -> None:
        schema = self.schemas[name] if schema is None else schema
        if name in self.names:
            return
        self.names.add(name)
        objects = [one for one in branches(schema) if is_object(one)]
        if objects:
            if len(objects) == 1 or self.merges():
                self.write(name, objects[0] if len(objects) == 1 else merged(objects), schema.get("description"))
            else:
                self.classes.append(f"{name} = {self.objects(objects, name)}\n")
        else:
            note = schema.get("description")
            text = f"{name} = {self.type_of(schema, name)}\n"
            self.classes.append((f"#: {note}\n" if note else "") + text)

    def docstring(self, text: str | None) -> list[str]:
        if not text:
            return []
        clean = re.sub(r"\s+", " ", text).replace("\\", "\\\\").replace('"""', "'''")
        return [f'    """{clean}"""\n', "\n"]

    def note(self, field: Schema) -> list[str]:
        text = field.get("description")
        return [f"    #: {re.sub(chr(92) + 's+', ' ', text)}\n"] if text else []

    # What differs between answers and requests:
    def literal(self, values: list[Any]) -> str:
        raise NotImplementedError

    def objects(self, objects: list[Schema], name: str) -> str:
        raise NotImplementedError

    def write(self, name: str, schema: Schema, description: str | None) -> None:
        raise NotImplementedError

    def time(self) -> str:
        raise NotImplementedError

    def sequence(self) -> str:
        raise NotImplementedError

    def mapping(self) -> str:
        raise NotImplementedError

    def merges(self) -> bool:
        raise NotImplementedError


class Answers(Writer):
    def literal(self, values: list[Any]) -> str:
        # Open: a newer server may say something that this list has not.
        joined = f"Literal[{', '.join(json.dumps(v) for v in values)}]"
        return f"Union[{joined}, str]" if all(isinstance(v, str) for v in values) else joined

    def objects(self, objects: list[Schema], name: str) -> str:
        while name in self.names or name in self.schemas:
            name += "Part"
        self.names.add(name)
        self.write(name, objects[0] if len(objects) == 1 else merged(objects), None)
        return name

    def merges(self) -> bool:
        return True

    def time(self) -> str:
        return "Timestamp"

    def sequence(self) -> str:
        return "list"

    def mapping(self) -> str:
        return "dict"

    def write(self, name: str, schema: Schema, description: str | None) -> None:
        required = set(schema.get("required", []))
        secrets = SECRETS | SECRETS_OF.get(name, set())
        lines: list[str] = []
        essential = ESSENTIAL.get(name)
        if essential:
            lines.append(f"    essential_ = frozenset({{{', '.join(map(json.dumps, essential))}}})\n\n")
        for field, inner in schema["properties"].items():
            python = f"{field}_" if keyword.iskeyword(field) else field
            kind = self.type_of(inner, name + pascal(field))
            arguments = [] if field in required else ["default=None"]
            arguments += [f"alias={field!r}"] if python != field else []
            arguments += ["repr=False"] if field in secrets else []
            if field not in required and not kind.startswith("Optional[") and kind != "Any":
                kind = f"Optional[{kind}]"
            value = (
                ""
                if arguments == []
                else " = None"
                if arguments == ["default=None"]
                else f" = Field({', '.join(arguments)})"
            )
            lines += [*self.note(inner), f"    {python}: {kind}{value}\n"]
        base = f"{BASES[name]}, BaseAnswer" if name in BASES else "BaseAnswer"
        self.classes.append("".join([f"class {name}({base}):\n", *self.docstring(description), *lines]))


class Requests(Writer):
    def literal(self, values: list[Any]) -> str:
        return f"Literal[{', '.join(json.dumps(v) for v in values)}]"

    def objects(self, objects: list[Schema], name: str) -> str:
        names = []
        for number, one in enumerate(objects, 1):
            mode = one["properties"].get("mode", {}).get("const")
            named = name if len(objects) == 1 else name + pascal(mode if isinstance(mode, str) else str(number))
            while named in self.names and len(objects) == 1:
                named += "Part"
            self.names.add(named)
            self.write(named, one, None)
            names.append(named)
        return names[0] if len(names) == 1 else f"Union[{', '.join(names)}]"

    def merges(self) -> bool:
        return False

    def time(self) -> str:
        return "Union[str, datetime.datetime]"

    def sequence(self) -> str:
        return "Sequence"

    def mapping(self) -> str:
        return "Mapping"

    def write(self, name: str, schema: Schema, description: str | None) -> None:
        required = set(schema.get("required", []))
        fields = []
        for field, inner in schema["properties"].items():
            kind = self.type_of(inner, name + pascal(field))
            fields.append((field, kind if field in required else f"NotRequired[{kind}]", self.note(inner)))
        if any(keyword.iskeyword(field) for field, _, _ in fields):  # what a class cannot have for a name
            entries = "".join(f"{''.join(note)}    {field!r}: {kind},\n" for field, kind, note in fields)
            text = f"{name} = TypedDict(\n    {name!r},\n    {{\n{entries}    }},\n)\n"
        else:
            lines = [f"{''.join(note)}    {field}: {kind}\n" for field, kind, note in fields]
            text = "".join([f"class {name}(TypedDict):\n", *self.docstring(description), *lines])
        self.classes.append(text)


def said(contract: dict[str, Any]) -> Iterator[str]:
    """Names of the schemas that answers and webhooks are made of."""
    yield from SAID
    for operations in contract["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict):
                yield from re.findall(r"schemas/(\w+)", json.dumps(operation["responses"]))


def bodies(contract: dict[str, Any]) -> Iterator[str]:
    """Names of the schemas that requests are made of."""
    for operations in contract["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict):
                for content in operation.get("requestBody", {}).get("content", {}).values():
                    yield from re.findall(r"schemas/(\w+)", json.dumps(content))
    yield from BODIES


def file_of(doc: str, imports: Iterable[str], classes: list[str]) -> str:
    # Not `from __future__ import annotations`: reading them back from text is a third of the time that an import takes.
    head = f'"""{doc} Written by scripts/generate_models.py."""\n\n# ruff: noqa: E501\n'
    return head + "\n".join(imports) + "\n\n\n" + "\n\n".join(classes)


def render(contract: dict[str, Any]) -> dict[str, str]:
    schemas: dict[str, Schema] = contract["components"]["schemas"]
    answers = Answers(schemas)
    for name in dict.fromkeys(said(contract)):
        answers.reference(name)
    for name, path in INLINE.items():
        content = contract["paths"][path]["get"]["responses"]["200"]["content"]
        answers.declare(name, content["application/json"]["schema"])
    requests = Requests(schemas)
    for name in dict.fromkeys(bodies(contract)):
        requests.reference(name)
    models = [
        "from typing import Any, Literal, Optional, Union",
        "",
        "from pydantic import Field",
        "",
        "from ._answers import DecisionAnswers",
        "from ._model import BaseAnswer, Timestamp",
    ]
    typed = [
        "import datetime",
        "from collections.abc import Mapping, Sequence",
        "from typing import Any, Literal, Optional, Union",
        "",
        "from typing_extensions import NotRequired, TypedDict",
    ]
    return {
        "models.py": file_of("Answers of the server.", models, answers.classes),
        "requests.py": file_of("What is sent to the server.", typed, requests.classes),
    }


def main() -> int:
    stale = []
    for name, text in render(json.loads(CONTRACT.read_text("utf-8"))).items():
        file = PACKAGE / name
        if "--check" in sys.argv:
            if not file.exists() or file.read_text("utf-8") != text:
                stale.append(name)
        else:
            file.write_text(text, "utf-8")
    if stale:
        print(f"stale: {', '.join(stale)}; run python scripts/generate_models.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
