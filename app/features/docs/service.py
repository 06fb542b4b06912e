"""The contract as one page for people: built from the OpenAPI document, without script or anything from elsewhere."""

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

_HERE = Path(__file__).parent
_STYLE = (_HERE / "docs.css").read_text(encoding="utf-8")
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
# The one style sheet is in the page and named by its hash; nothing else may load or run, frame it or post from it.
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_METHODS = ("get", "post", "put", "patch", "delete")
_REF = "#/components/schemas/"
_CODE = re.compile(r"`([^`]+)`")
_UNTAGGED = "other"


def render(document: Mapping[str, Any], address: str) -> str:
    """Return the page; `address` is where people reach the service, for the example."""
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = prose
    return environment.get_template("docs.html").render(
        # The style sheet is a file of ours: escaping its quotes would change its hash.
        style=Markup(_STYLE),  # noqa: S704 - not a value from anywhere else
        info=document["info"],
        address=address,
        groups=_groups(document),
        schemas=[
            {"name": name, **_schema(schema)}
            for name, schema in sorted(document["components"]["schemas"].items())
        ],
    )


def prose(text: str) -> Markup:
    """Return text as paragraphs, with `code` between backticks; everything is escaped."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup(_CODE.sub(r"<code>\1</code>", str(escape(part)))))  # noqa: S704 - escaped on this line
        for part in paragraphs
    )


def _groups(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in document["paths"].items():
        for method in _METHODS:
            if method in operations:
                operation = operations[method]
                tag = (operation.get("tags") or [_UNTAGGED])[0]
                groups.setdefault(tag, []).append(_operation(method, path, operation))
    return [{"tag": tag, "operations": groups[tag]} for tag in sorted(groups)]


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    bodies = operation.get("requestBody", {}).get("content", {})
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "public": operation.get("security") == [],
        "parameters": [
            {
                "name": parameter["name"],
                "where": parameter["in"],
                "required": parameter.get("required", False),
                "type": _type(parameter.get("schema", {})),
                "description": parameter.get("description")
                or parameter.get("schema", {}).get("description", ""),
            }
            for parameter in operation.get("parameters", [])
        ],
        "bodies": [{"media": media, "type": _type(body.get("schema", {}))} for media, body in bodies.items()],
        "responses": [
            {
                "status": status,
                "description": response.get("description", ""),
                "types": [
                    _type(content.get("schema", {})) for content in response.get("content", {}).values()
                ],
                "headers": sorted(response.get("headers", {})),
            }
            for status, response in sorted(operation.get("responses", {}).items())
        ],
    }


def _schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    required = set(schema.get("required", ()))
    return {
        "description": schema.get("description", ""),
        "type": None if "properties" in schema else _type(schema),
        "fields": [
            {
                "name": name,
                "type": _type(field),
                "required": name in required,
                "description": field.get("description", ""),
            }
            for name, field in schema.get("properties", {}).items()
        ],
    }


def _type(schema: Mapping[str, Any]) -> Markup:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REF)
        return Markup('<a href="#schema-{0}">{0}</a>').format(name)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return Markup(" or ").join(_type(one) for one in schema[several])
    if "enum" in schema:
        return Markup(", ").join(Markup("<code>{}</code>").format(value) for value in schema["enum"])
    if "const" in schema:
        return Markup("<code>{}</code>").format(schema["const"])
    if schema.get("type") == "array":
        return Markup("list of ") + _type(schema.get("items", {}))
    kind = schema.get("type", "any value")
    words = [kind if isinstance(kind, str) else " or ".join(kind)]
    if "format" in schema:
        words.append(f"({schema['format']})")
    if "minimum" in schema or "maximum" in schema:
        words.append(f"{schema.get('minimum', '')}..{schema.get('maximum', '')}")
    if "maxLength" in schema:
        words.append(f"up to {schema['maxLength']} characters")
    return escape(" ".join(words))
