"""Finland's public holidays, with the two eves that are as good as holidays: Midsummer's and Christmas's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from integration.kernel.database import Texts
from integration.kernel.lazy import Later

if TYPE_CHECKING:
    import holidays
else:
    holidays = Later("holidays")

_LANGUAGES = {"sv": "sv_FI", "fi": "fi", "en": "en_US"}


@lru_cache(maxsize=32)
def public_holidays(year: int) -> Mapping[date, Texts]:
    """The holidays of a year in order, with their names."""
    names = {code: holidays.country_holidays("FI", years=year, language=theirs) for code, theirs in _LANGUAGES.items()}
    return MappingProxyType({on: {code: names[code][on] for code in names} for on in sorted(names["fi"])})
