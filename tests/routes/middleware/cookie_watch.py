"""C-14 for other tests: every Set-Cookie that is seen must be registered, with the same attributes."""

from __future__ import annotations

import re

import httpx

from domain.cookies import cookies_of, objection


def assert_cookies_are_registered(*responses: httpx.Response, https: bool = False) -> None:
    """Every cookie set or deleted in these answers is in the registry, exactly as declared there."""
    registered = cookies_of(https)
    for response in responses:
        for header in response.headers.get_list("set-cookie"):
            assert objection(header, registered) is None, f"{response.url}: {header.partition('=')[0]}"


def assert_no_cookies(*responses: httpx.Response) -> None:
    """R3: nothing is set before a choice."""
    for response in responses:
        assert "set-cookie" not in response.headers, response.url


def names_in_table(html: str) -> set[str]:
    """The cookies that the cookie page lists."""
    table = html[html.index('id="cookies"') : html.index("</table>")]
    return set(re.findall(r"<code>([^<]+)</code>", table))
