"""Requests that leave this process: the one place that makes HTTP clients, so that none waits for ever."""

import httpx

TIMEOUT = httpx.Timeout(35.0, connect=5.0)

Response = httpx.Response
ConnectionFailed = httpx.TransportError


def client(base_url: str) -> httpx.Client:
    """Return a client with time-outs, which follows no redirect and reads no proxy from the environment."""
    return httpx.Client(base_url=base_url, timeout=TIMEOUT, follow_redirects=False, trust_env=False)
