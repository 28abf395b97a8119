"""Staff accounts, their roles in organisations, and the places where they are signed in."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integration.accounts.rules import Role
from integration.kernel.database import Base, word


class Account(Base):
    """A member of staff. Residents have none."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True, doc="in lower case")
    password_hash: Mapped[str] = mapped_column(sa.String(200), doc="argon2id")
    language: Mapped[str] = mapped_column(sa.String(8))
    active: Mapped[bool]
    created_at: Mapped[datetime]
    roles: Mapped[list[AccountRole]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class AccountRole(Base):
    """A role that an account holds: in one organisation, or in all when organisation_id is empty."""

    __tablename__ = "account_roles"
    __table_args__ = (sa.UniqueConstraint("account_id", "role", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(word(Role))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))


class SignIn(Base):
    """One browser in which an account is signed in; deleting the row signs it out at once."""

    __tablename__ = "sign_ins"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True, doc="SHA-256 of the token in the cookie")
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
