"""The peer: Django's admin over the same tables, with the same rows and columns as the contact list and its search.

It is spared what tafcore does besides: who signed in is made up, nobody's access is worked out, nothing goes on record.
"""

from __future__ import annotations

from typing import Any

import django
import sqlalchemy as sa
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application


class SignedIn:
    """Middleware that says a superuser asks, without a query."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __call__(self, request: Any) -> Any:
        from django.contrib.auth.models import User

        request.user = User(pk=1, username="bench", is_active=True, is_staff=True, is_superuser=True)
        return self.answer(request)


def make(url: str, team: int) -> WSGIHandler:
    """Django over an existing database, its admin at /admin/; the list shows what waits in one team."""
    settings.configure(
        SECRET_KEY="of benchmarks",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": _database(url)},
        INSTALLED_APPS=[
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "benchmarks",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            f"{__name__}.SignedIn",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        STATIC_URL="/static/",
        USE_TZ=True,
        TIME_ZONE="Europe/London",
    )
    django.setup()
    _register(team)
    return get_wsgi_application()


def _database(url: str) -> dict[str, Any]:
    parts = sa.make_url(url)
    if parts.get_backend_name() == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.database,
            "OPTIONS": {"timeout": 30},
            "CONN_MAX_AGE": None,
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.database,
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
        "HOST": parts.query.get("host") or parts.host or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": None,
    }


def _register(team: int) -> None:
    global urlpatterns
    from django.contrib import admin
    from django.db import models
    from django.urls import path

    class Unmanaged(models.Model):
        class Meta:
            abstract = True
            managed = False
            app_label = "benchmarks"

    class Team(Unmanaged):
        name = models.TextField()

        class Meta(Unmanaged.Meta):
            db_table = "team"

        def __str__(self) -> str:
            return str(self.name)

    class User(Unmanaged):
        name = models.TextField()

        class Meta(Unmanaged.Meta):
            db_table = "user_account"

        def __str__(self) -> str:
            return str(self.name)

    class Contact(Unmanaged):
        ref = models.CharField(max_length=12)
        state = models.CharField(max_length=20)
        source = models.CharField(max_length=2)
        urgency = models.CharField(max_length=10, null=True)
        received_at = models.DateTimeField()
        next_due = models.DateTimeField(null=True)
        team = models.ForeignKey(Team, models.DO_NOTHING, null=True)
        taken_by = models.ForeignKey(User, models.DO_NOTHING, null=True)

        class Meta(Unmanaged.Meta):
            db_table = "contact"

    class ContactPerson(Unmanaged):
        contact = models.ForeignKey(Contact, models.DO_NOTHING, related_name="people")
        position = models.IntegerField()
        forename = models.TextField(null=True)
        surname = models.TextField(null=True)

        class Meta(Unmanaged.Meta):
            db_table = "contact_person"
            ordering = ("position",)

    @admin.register(Contact)
    class ContactAdmin(admin.ModelAdmin):
        list_display = ("ref", "names", "state", "source", "urgency", "received_at", "next_due", "team", "taken_by")
        list_select_related = ("team", "taken_by")
        list_per_page = 50
        ordering = ("next_due", "id")
        search_fields = ("people__forename", "people__surname")

        def get_queryset(self, request: Any) -> Any:
            rows = super().get_queryset(request).prefetch_related("people").filter(team_id=team)
            return rows if request.GET.get("q") else rows.filter(next_due__isnull=False)

        @admin.display
        def names(self, contact: Any) -> str:
            return ", ".join(f"{one.forename} {one.surname}" for one in contact.people.all())

    urlpatterns = [path("admin/", admin.site.urls)]


urlpatterns: list[Any] = []
