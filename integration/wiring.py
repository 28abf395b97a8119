"""The only file that sees every feature: blueprints, reactions, panels, commands and jobs, each in one table."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from click import Command
from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_compress import Compress
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from integration.accounts import commands as accounts_commands
from integration.accounts import routes as accounts_routes
from integration.accounts import services as accounts_services
from integration.accounts.queries import account_address
from integration.accounts.rules import Permission
from integration.activities import events as activities_events
from integration.activities import models as activities_models
from integration.activities import routes as activities_routes
from integration.activities import services as activities_services
from integration.activities import staff_routes as activities_staff_routes
from integration.audit import models as audit_models
from integration.calendars import commands as calendars_commands
from integration.calendars import models as calendars_models
from integration.calendars import routes as calendars_routes
from integration.calendars import services as calendars_services
from integration.calendars.unchanged import Unchanged
from integration.checkin import events as checkin_events
from integration.checkin import models as checkin_models
from integration.checkin import privacy as checkin_privacy
from integration.checkin import queries as checkin_queries
from integration.checkin import routes as checkin_routes
from integration.checkin import services as checkin_services
from integration.checkin import staff_routes as checkin_staff_routes
from integration.checkin.routes import my_data as checkin_my_data
from integration.demo import commands as demo_commands
from integration.history import models as history_models
from integration.history import services as history_services
from integration.history import staff_routes as history_staff_routes
from integration.i18n import routing
from integration.indicators import commands as indicators_commands
from integration.indicators import models as indicators_models
from integration.indicators import services as indicators_services
from integration.kernel import commands as kernel_commands
from integration.kernel import database, events, rate_limits
from integration.kernel.installation import make_folder, refuse_foreign_demo
from integration.kernel.jobs import AnyJob, ApartJob, Job, start_threads
from integration.kernel.models import Installation, Version
from integration.kernel.shelf import Shelf
from integration.kernel.versions import Watch
from integration.mail import models as mail_models
from integration.mail import services as mail_services
from integration.mail.letters import Letter, Recipient
from integration.mail.post_office import PostOffice
from integration.mail.sms import SmsGateway
from integration.mail.smtp import MailServer
from integration.organisations import models as organisations_models
from integration.programme import commands as programme_commands
from integration.programme import events as programme_events
from integration.programme import models as programme_models
from integration.programme import routes as programme_routes
from integration.programme import staff_routes as programme_staff_routes
from integration.registration import events as registration_events
from integration.registration import messages
from integration.registration import models as registration_models
from integration.registration import routes as registration_routes
from integration.registration import services as registration_services
from integration.registration import staff_routes as registration_staff_routes
from integration.registration.rules import KEPT_DAYS
from integration.report import models as report_models
from integration.report import reminders as report_reminders
from integration.report import routes as report_routes
from integration.report import services as report_services
from integration.report import staff_routes as report_staff_routes
from integration.report.routes import keeping as report_keeping
from integration.settings import Settings
from integration.web import access, assets, errors, headers, openapi, pages, site, uploads
from integration.web.cookies import SignedCookies

MODELS = (
    activities_models,
    audit_models,
    calendars_models,
    checkin_models,
    history_models,
    indicators_models,
    mail_models,
    organisations_models,
    programme_models,
    registration_models,
    report_models,
    Installation,
    Version,
)
"""Imported so that migrations see every table."""

BLUEPRINTS = (
    site.blueprint,
    openapi.blueprint,
    accounts_routes.blueprint,
    programme_routes.blueprint,
    programme_staff_routes.blueprint,
    activities_routes.blueprint,
    activities_staff_routes.blueprint,
    registration_routes.blueprint,
    registration_staff_routes.blueprint,
    checkin_routes.blueprint,
    checkin_staff_routes.blueprint,
    calendars_routes.blueprint,
    history_staff_routes.blueprint,
    report_routes.blueprint,
    report_staff_routes.blueprint,
)

REACTIONS: dict[type, tuple[events.Reaction, ...]] = {
    activities_events.SessionChanged: (
        calendars_services.follow_session,
        indicators_services.unfold,
        registration_services.follow_session,
    ),
    activities_events.SessionAdded: (registration_services.join_added_date,),
    activities_events.SessionMoved: (messages.tell_of_moving,),
    activities_events.SessionCancelled: (messages.tell_of_cancelling,),
    activities_events.SessionRestored: (messages.tell_of_restoring,),
    activities_events.SessionFactsChanged: (indicators_services.unfold,),
    registration_events.HouseholdRegistered: (messages.confirm,),
    registration_events.RegistrationCancelled: (messages.confirm_giving_back,),
    registration_events.PlacesChanged: (messages.confirm_change,),
    registration_events.SlotChanged: (messages.confirm_slot,),
    registration_events.SeriesJoined: (messages.confirm_series,),
    registration_events.SeriesLeft: (messages.confirm_leaving_series,),
    registration_events.StandAnswered: (messages.answer_stand,),
    registration_events.WaitingBegan: (messages.confirm_waiting,),
    registration_events.PlaceOffered: (messages.offer,),
    registration_events.TakenIn: (messages.tell_taken_in,),
    registration_events.OfferExpired: (messages.tell_too_late,),
    registration_events.WaitingLeft: (messages.tell_out_of_queue,),
    registration_events.VisitorsCame: (messages.thank,),
    registration_events.HouseholdDeleted: (messages.forget_messages,),
    registration_events.HouseholdsMerged: (messages.follow_merging, checkin_services.follow_merging),
    registration_events.CardReissued: (messages.send_new_link,),
    registration_events.LinkRequested: (messages.send_own_link,),
    checkin_events.AttendanceChanged: (indicators_services.unfold, indicators_services.clear_keys_again),
    programme_events.ProgrammeSucceeded: (activities_services.move_servings,),
    programme_events.AskedOtherwise: (indicators_services.keep_what_was_asked,),
}
"""News > who reacts, in this order, in the same transaction."""

MESSAGES: dict[str, Callable[..., Letter]] = {
    "confirmation": messages.confirmation,
    "places_changed": messages.places_changed,
    "slot_changed": messages.slot_changed,
    "series_joined": messages.series_joined,
    "series_left": messages.series_left,
    "stand_answered": messages.stand_answered,
    "places_given_back": messages.places_given_back,
    "session_moved": messages.session_moved,
    "session_cancelled": messages.session_cancelled,
    "session_restored": messages.session_restored,
    "waiting_begun": messages.waiting_begun,
    "place_offered": messages.place_offered,
    "taken_in": messages.taken_in,
    "offer_expired": messages.offer_expired,
    "waiting_left": messages.waiting_left,
    "reminder": messages.reminder,
    "card_reissued": messages.card_reissued,
    "own_link": messages.own_link,
    "thanks": messages.thanks,
    "staff_message": messages.staff_message,
    report_reminders.KIND: report_reminders.figures_owed,
}
"""Kind of message in the outbox > who writes it when it is sent. Each gets the key that cards are derived from."""

SHORT_MESSAGES = {
    "card_reissued": messages.short_own_link,
    "own_link": messages.short_own_link,
    "confirmation": messages.short_confirmation,
    "places_changed": messages.short_places_changed,
    "slot_changed": messages.short_slot_changed,
    "series_joined": messages.short_series,
    "series_left": messages.short_series_left,
    "stand_answered": messages.short_stand_answered,
    "places_given_back": messages.short_given_back,
    "session_moved": messages.short_moved,
    "session_cancelled": messages.short_cancelled,
    "session_restored": messages.short_restored,
    "waiting_begun": messages.short_waiting,
    "place_offered": messages.short_offered,
    "taken_in": messages.short_taken_in,
    "offer_expired": messages.short_too_late,
    "waiting_left": messages.short_waiting_left,
    "reminder": messages.short_reminder,
    "reminder_soon": messages.short_soon,
    "staff_message": messages.short_staff_message,
}
"""The same for an SMS; what has no short form goes by e-mail only."""

RECIPIENTS: dict[str, Recipient] = {
    "household": messages.household_address,
    "group": messages.group_address,
    "stand": messages.stand_address,
    report_reminders.ACCOUNT: account_address,
}
"""Kind of recipient > who knows the address."""

PHONES: dict[str, Recipient] = {
    "household": messages.household_phone,
    "group": messages.group_phone,
    "stand": messages.stand_phone,
}
"""Kind of recipient > who knows the number."""

PANELS: dict[str, tuple[pages.Panel, ...]] = {
    "session": (
        registration_staff_routes.session_panel,
        registration_staff_routes.groups_panel,
        registration_staff_routes.messages_panel,
        checkin_staff_routes.session_panel,
    ),
    "organisation": (activities_staff_routes.organisation_panel,),
    "my_data": (checkin_my_data.visits_panel,),
    "closing": (checkin_staff_routes.flagged_panel, checkin_staff_routes.groups_panel, report_routes.closing_panel),
}
"""Place in a page > the features that fill it, in this order."""

HOLDINGS = (checkin_queries.held_of_visits,)
"""What is kept about a household outside of registration, for the file with everything about it."""

NAVIGATION: tuple[pages.Tab, ...] = (
    pages.Tab(_l("Today"), "checkin_staff.today", Permission.STAFF_HOME),
    pages.Tab(_l("Cards"), "registration_staff.desk", Permission.CARDS_WRITE),
    pages.Tab(_l("Activities"), "activities_staff.activities", Permission.SESSIONS_WRITE),
    pages.Tab(_l("Messages"), "registration_staff.all_messages", Permission.REGISTRATIONS_READ),
    pages.Tab(_l("Year"), "activities.year_now", Permission.SESSIONS_WRITE),
    pages.Tab(_l("Programme"), "report.programmes", Permission.STAFF_HOME),
    pages.Tab(_l("Reporting"), "report_staff.desk_now", Permission.PROGRAMME_DRAFTS),
)
"""The tabs of staff pages; each shows itself to those who may use it."""

DAY = 24 * 3600

JOBS: tuple[AnyJob, ...] = (
    Job("mark_held", 60, checkin_services.mark_held),
    Job("follow_late_scans", 300, checkin_services.follow_late_scans),
    Job("fold", 5, indicators_services.fold_due),
    Job("expire_offers", 60, registration_services.expire_offers),
    Job("queue_reminders", 300, messages.queue_reminders),
    Job("forget_origins", 3600, registration_services.forget_origins),
    Job("queue_soon_reminders", 120, messages.queue_soon_reminders),
    Job("remind_owners", 3600, report_reminders.remind_owners),
    Job("tell_who_came", 900, checkin_services.tell_who_came),
    ApartJob("work_on_imports", 2, history_services.work_on_imports),
    ApartJob("work_on_editions", 2, report_services.work_on_editions),
    ApartJob("send_messages", 3, mail_services.send_due),
    ApartJob("send_sms", 3, mail_services.send_due_sms),
)
"""Recurring work, run by threads (SQLite) or ``flask work`` (PostgreSQL)."""

NIGHTLY: tuple[AnyJob, ...] = (
    Job("forget_old_attempts", DAY, rate_limits.forget_old_attempts),
    Job("forget_old_sign_ins", DAY, accounts_services.forget_old_sign_ins),
    Job("forget_contacts", DAY, checkin_privacy.forget_contacts),
    Job("forget_old_messages", DAY, mail_services.forget_old_messages),
    Job("forget_staff_messages", DAY, messages.forget_staff_messages),
    Job("clear_old_keys", DAY, indicators_services.clear_old_keys),
)
"""Work that is due once a day, run by ``flask nightly`` after the jobs."""

COMMANDS: tuple[Command, ...] = (
    demo_commands.demo,
    programme_commands.programme_commands,
    calendars_commands.group,
    accounts_commands.group,
    indicators_commands.figures,
)
"""Command groups of the features, under ``flask --app app``."""

CSRF_EXEMPT: tuple[str, ...] = (
    "integration.checkin.routes.scans.record_scans",
    "integration.checkin.routes.device.move",
)
"""Views that a bearer token protects instead of a cookie: there is nothing to forge."""

csrf = CSRFProtect()


def connect_database(app: Flask) -> None:
    """The database and its one transaction per request; a demo's database never serves a real city."""
    settings: Settings = app.extensions["settings"]
    make_folder(settings.database_url)
    database.init_app(app)
    with app.app_context():
        refuse_foreign_demo(database.db.engine, demo=settings.demo)
        Watch(report_keeping.WATCHED).listen(database.db.engine)


def connect_languages(app: Flask) -> None:
    """Languages in addresses, catalogues and templates."""
    settings: Settings = app.extensions["settings"]
    routing.init_app(app, settings.languages)


def connect_web(app: Flask) -> None:
    """What every page shares: access, headers, static files, errors, templates, form protection."""
    settings: Settings = app.extensions["settings"]
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies)  # type: ignore[method-assign]
    uploads.init_app(app)
    app.session_interface = SignedCookies()
    csrf.init_app(app)
    Compress(app)
    headers.init_app(app)
    assets.init_app(app)
    errors.init_app(app)
    pages.init_app(app, PANELS, NAVIGATION, demo=settings.demo)


def connect_people(app: Flask) -> None:
    """Who the reader is, and whether that suffices."""
    access.init_app(app, accounts_routes.authorize)
    app.context_processor(accounts_routes.template_context)


def connect_features(app: Flask) -> None:
    """The features' addresses, and the one number of theirs that the site's own pages say."""
    app.jinja_env.globals["kept_days"] = KEPT_DAYS
    app.extensions["holdings"] = HOLDINGS
    app.extensions["programme_shelf"] = Shelf(report_keeping.MOST)
    app.extensions["programme_parts"] = Shelf(report_keeping.MOST_PARTS)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for view in CSRF_EXEMPT:
        csrf.exempt(view)
    with app.app_context():
        unchanged = Unchanged(app.wsgi_app, database.db.engine)
    app.extensions["unchanged"] = app.wsgi_app = unchanged  # type: ignore[method-assign]


def connect_events(_app: Flask) -> None:
    """News between features."""
    events.connect(REACTIONS)


def connect_messages(app: Flask) -> None:
    """The outbox: who writes what, who knows whom; calendars add their part to an invitation."""
    settings: Settings = app.extensions["settings"]
    composers = {kind: partial(compose, card_key=settings.card_key) for kind, compose in MESSAGES.items()}
    short = {kind: partial(compose, card_key=settings.card_key) for kind, compose in SHORT_MESSAGES.items()}
    app.extensions["post_office"] = PostOffice(
        composers=composers,
        short_composers=short,
        recipients=RECIPIENTS,
        phones=PHONES,
        calendar=calendars_services.write_invitation,
        server=MailServer.from_url(settings.smtp_url) if settings.smtp_url else None,
        gateway=SmsGateway.from_url(settings.sms_url) if settings.sms_url else None,
        sender=settings.contact_email,
    )


def connect_commands(app: Flask) -> None:
    """The command line."""
    kernel_commands.register(app, JOBS, NIGHTLY)
    for group in COMMANDS:
        app.cli.add_command(group)


def connect_jobs(app: Flask) -> None:
    """Recurring work inside the serving process, where the embedded database has its one writer."""
    settings: Settings = app.extensions["settings"]
    if settings.background_jobs and settings.is_sqlite:
        app.extensions["jobs"] = start_threads(app, JOBS)
