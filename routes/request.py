"""A request whose form is forgotten with it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.datastructures.multi_dicts import FormMultiDict
from litestar.enums import RequestEncodingType
from litestar.types import Empty


class ForgetfulRequest(Request[Any, Any, Any]):
    """Litestar keeps the last 1,024 forms by their bytes for as long as the process lives, passwords and all."""

    async def form(self) -> FormMultiDict:
        if self._form is Empty and self.content_type[0] == RequestEncodingType.URL_ENCODED:
            self._form = FormMultiDict(parse_qsl((await self.body()).decode("latin-1"), keep_blank_values=True))
        return await super().form()
