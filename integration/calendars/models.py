"""Calendar texts, built when a session changes and served joined; and the version of each feed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from integration.kernel.database import Base


class CalendarText(Base):
    """A session's VEVENT in one language, folded and ready to be joined into any feed."""

    __tablename__ = "calendar_texts"

    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    text: Mapped[str] = mapped_column(sa.Text)


class FeedVersion(Base):
    """How often a feed's sessions changed: the ETag of a feed without reading a session row."""

    __tablename__ = "feed_versions"

    feed: Mapped[str] = mapped_column(sa.String(96), primary_key=True, doc="all, activity:<id>")
    version: Mapped[int]
    modified_at: Mapped[datetime]
