"""What travels to a reader: bytes of answers, as a host that compresses sends them."""

from __future__ import annotations

import gzip

from playwright.sync_api import Error


def transferred(answers) -> int:
    """Bytes of these answers of a page, each gzipped where that makes it smaller."""
    total = 0
    for answer in answers:
        if answer.url.startswith("blob:"):
            continue  # made in the page
        try:
            body = answer.body()
        except Error:  # a redirect has none
            continue
        total += min(len(body), len(gzip.compress(body, compresslevel=6)))
    return total
