"""What all answers have in common."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar, Union

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic.functional_validators import ModelWrapValidatorHandler
from typing_extensions import Annotated, Self


def _written(value: Any) -> Any:
    """As the server writes it: UTC to the millisecond. What is no time after all stays as it came."""
    if not isinstance(value, datetime.datetime):
        return value
    if value.tzinfo is None:
        return value.isoformat()
    return value.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _refuse_numbers(value: Any) -> Any:
    if isinstance(value, (str, datetime.datetime)):
        return value
    raise ValueError("not an RFC 3339 time")


#: RFC 3339 on the wire, an aware datetime here.
Timestamp = Annotated[
    datetime.datetime,
    BeforeValidator(_refuse_numbers),
    PlainSerializer(_written, return_type=Any, when_used="json"),
]

_adapters: dict[Any, TypeAdapter[Any]] = {}


class BaseAnswer(BaseModel):
    """
    An answer of the server. Fields that this version of the client does not know are kept (`model_extra`). A server that
    leaves a field out or gives it another type than the contract says does not break the program either: the others are
    there, a missing nullable field is None, and any other missing field raises AttributeError when it is read.
    """

    model_config = ConfigDict(extra="allow", protected_namespaces=(), populate_by_name=True, frozen=True, defer_build=True)

    #: Without these it is some other document, and refused.
    essential_: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="wrap")
    @classmethod
    def _tolerant(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError:
            if not isinstance(data, Mapping) or not all(name in data for name in cls.essential_):
                raise
            required = {field.alias or name for name, field in cls.model_fields.items() if field.is_required()}
            if required and not any(name in data for name in required):
                raise
            return cls._salvage(data)

    @classmethod
    def _salvage(cls, data: Mapping[str, Any]) -> Self:
        values: dict[str, Any] = {}
        rest = dict(data)
        given: set[str] = set()
        for name, field in cls.model_fields.items():
            key = field.alias or name
            if key in rest:
                given.add(name)
                raw = rest.pop(key)
                # One adapter a type: building one costs more than the whole answer.
                adapter = _adapters.get((cls, name))
                if adapter is None:
                    annotation: Any = field.annotation
                    if field.metadata:
                        annotation = Annotated[(annotation, *field.metadata)]
                    adapter = _adapters[(cls, name)] = TypeAdapter(annotation)
                try:
                    values[name] = adapter.validate_python(raw)
                except ValidationError:
                    values[name] = raw
            elif not field.is_required():
                values[name] = field.get_default(call_default_factory=True)
            elif _nullable(field.annotation):
                values[name] = None
        model: Any = cls.model_construct(_fields_set=given | set(rest), **values)
        for name in cls.model_fields:
            if name not in values:
                model.__dict__.pop(name, None)
        object.__setattr__(model, "__pydantic_extra__", rest)
        salvaged: Self = model
        return salvaged

    def to_dict(self) -> dict[str, Any]:
        """The answer as it came: JSON values, unknown fields included."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True, warnings=False)


def _nullable(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is Union and type(None) in annotation.__args__
