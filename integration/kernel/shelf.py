"""Things that take long to make, kept in the process for as long as what they were made of is the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Thing = TypeVar("Thing")


class Shelf:
    """So many things, each under its name with the stamp that it was made under; the longest unasked for goes first.

    A thing is handed out only to whoever brings its stamp, and made anew for every other one: a shelf never decides
    by itself how long something is true.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: Hashable, stamp: Hashable, make: Callable[[], Thing]) -> Thing:
        """What stands under this name and stamp, else what ``make`` makes."""
        with self._lock:
            kept = self._things.get(name)
            if kept is not None and kept[0] == stamp:
                self._things.move_to_end(name)
                found: Thing = kept[1]
                return found
        made = make()
        with self._lock:
            self._things[name] = (stamp, made)
            self._things.move_to_end(name)
            while len(self._things) > self._most:
                self._things.popitem(last=False)
        return made

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._things.clear()
