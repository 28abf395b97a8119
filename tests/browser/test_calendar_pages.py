"""Month, week and year in a real browser: a list on phones, a table where there is room, one sheet on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from integration.activities.rules import Month, Week
from integration.kernel.clock import local_date, utc_now
