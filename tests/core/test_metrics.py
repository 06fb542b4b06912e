import sys

import pytest

from app.core import metrics


def test_made_up_methods_make_no_new_series() -> None:
    metrics.count_request("BREW", "unmatched", 404, 0.01)

    text, content_type = metrics.render()
    assert b'method="OTHER",route="unmatched",status="4xx"' in text
    assert b"BREW" not in text
    assert content_type.startswith("text/plain")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="read from /proc, which only Linux has")
def test_the_process_tells_its_memory_and_open_files() -> None:
    text, _ = metrics.render()

    assert b"process_resident_memory_bytes" in text
    assert b"process_open_fds" in text
