"""Numbers in addresses: an id that no row can have is an address that does not exist."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter, ValidationError

LARGEST = 2**31 - 1


class IdConverter(IntegerConverter):
    """`<int:…>` for whole numbers that fit an id column of either database; others lead to the page for 404."""

    regex = r"\d{1,10}"

    def to_python(self, value: str) -> Any:
        """The number. Raises ValidationError above the largest id, which the router takes for "no such address"."""
        number = super().to_python(value)
        if number > LARGEST:
            raise ValidationError
        return number
