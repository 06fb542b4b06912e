"""What the service counts about itself, for Prometheus to collect.

One registry for the process; other modules add their own metrics to `REGISTRY`. Labels take few, known values:
never an id, an address or a path as it was typed.
"""

from functools import lru_cache

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

HTTP_REQUESTS = Counter(
    "http_requests",
    "Requests answered, by method, route template and class of status.",
    ("method", "route", "status"),
    registry=REGISTRY,
)
HTTP_SECONDS = Histogram(
    "http_request_duration_seconds",
    "Seconds from the first byte of a request to the last of its answer.",
    ("method", "route"),
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
HTTP_IN_FLIGHT = Gauge("http_requests_in_flight", "Requests being served now.", registry=REGISTRY)
HTTP_REFUSED = Counter(
    "http_requests_refused",
    "Requests the machinery refused or gave up on, by the code of the problem it answered.",
    ("code",),
    registry=REGISTRY,
)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@lru_cache(maxsize=4096)
def _series(method: str, route: str, status_class: int) -> tuple[Counter, Histogram]:
    # labels() takes a lock and builds a key each time; the pair for a route never changes.
    return HTTP_REQUESTS.labels(method, route, f"{status_class}xx"), HTTP_SECONDS.labels(method, route)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request. `route` is the template ("/v1/things/{id}"), never the path itself."""
    requests, durations = _series(method if method in _METHODS else "OTHER", route, status // 100)
    requests.inc()
    durations.observe(seconds)


def render() -> tuple[bytes, str]:
    """Return the exposition of every metric of this process and its content type."""
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
