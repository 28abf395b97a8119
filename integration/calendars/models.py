"""Calendar texts, built when a session changes and served joined; which feeds a session is in; each feed's version."""

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


class FeedSession(Base):
    """A public session is in a feed. Kept, so that a feed which a session leaves is told so too."""

    __tablename__ = "feed_sessions"

    feed: Mapped[str] = mapped_column(sa.String(96), primary_key=True)
    session_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class FeedVersion(Base):
    """How often a feed's sessions changed: the ETag of a feed without reading a session row.

    Each session has a version of its own as well: a household's feed is made of those.
    """

    __tablename__ = "feed_versions"

    feed: Mapped[str] = mapped_column(
        sa.String(96),
        primary_key=True,
        doc="all, activity:<id>, organisation:<id>, venue:<id>, language:<code>, year:<year>, session:<id>",
    )
    version: Mapped[int]
    modified_at: Mapped[datetime]
