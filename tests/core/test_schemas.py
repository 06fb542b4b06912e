"""What every schema of a request does with null: it takes it, or says that it does not."""

import importlib
import pkgutil
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

import app.features
from app.core.schemas import In


def _below(schema: type[BaseModel]) -> list[type[BaseModel]]:
    return [schema, *(each for child in schema.__subclasses__() for each in _below(child))]


def _all_fields() -> list[Any]:
    for module in pkgutil.walk_packages(app.features.__path__, "app.features."):
        importlib.import_module(module.name)
    schemas = {one for one in _below(BaseModel) if one.__module__.startswith("app.")}
    return [
        pytest.param(schema, name, id=f"{schema.__module__}.{schema.__name__}.{name}")
        for schema in sorted(schemas, key=lambda one: (one.__module__, one.__name__))
        if issubclass(schema, In) or schema.__name__.endswith(("Filters", "Params"))
        for name in schema.model_fields
    ]


@pytest.mark.parametrize(("schema", "name"), _all_fields())
def test_null_is_taken_or_refused_and_never_a_fault(schema: type[BaseModel], name: str) -> None:
    field = schema.model_fields[name]
    adapter = TypeAdapter[Any](field.rebuild_annotation())

    try:
        taken = adapter.validate_python(None)
    except ValidationError:
        assert field.default is not None, f"{name} is null when left out, yet null may not be sent"
    else:
        assert taken is None
