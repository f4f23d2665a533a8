"""Versioned texts of notices."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from documents.enums import NoticeKind, TemplateState


class NoticeTemplate(models.Model):
    """One version of the text of a kind of notice. A published version never changes; a change is a new version.

    ``title`` and ``body`` are plain text with ``{{ variable|filter }}``: a line is a paragraph, in the title a line of
    the title. ``annotation`` (附注) and ``copies`` (抄送) are one line or nothing. ``variables`` are the names that
    the issuer of a notice has to supply, each with what it is (or an empty description).
    """

    kind = models.CharField(_("kind"), max_length=12, choices=NoticeKind.choices)
    version = models.PositiveIntegerField(_("version"))
    title = models.TextField(_("title"))
    body = models.TextField(_("body"))
    annotation = models.TextField(
        _("annotation"),
        blank=True,
        help_text=_("Printed in brackets below the date, for example 此件公开发布."),
    )
    copies = models.TextField(
        _("copies to"), blank=True, help_text=_("In the imprint, without 抄送 and full stop.")
    )
    variables = models.JSONField(_("declared variables"), default=dict)
    state = models.CharField(
        _("state"), max_length=12, choices=TemplateState.choices, default=TemplateState.DRAFT
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("drafted by")
    )
    drafted_at = models.DateTimeField(_("drafted at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("published by"),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice template")
        verbose_name_plural = _("notice templates")
        ordering: ClassVar = ["kind", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="template_version_is_unique", fields=["kind", "version"]),
            models.CheckConstraint(
                name="published_template_names_publisher_and_time",
                condition=Q(state=TemplateState.DRAFT, published_by__isnull=True, published_at__isnull=True)
                | Q(state=TemplateState.PUBLISHED, published_by__isnull=False, published_at__isnull=False),
                violation_error_message=_("A published template names who published it and when."),
            ),
            models.CheckConstraint(
                name="template_is_published_by_another_person",
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("drafted_by")),
                violation_error_message=_("A template is published by another person than its drafter."),
            ),
        ]

    def __str__(self) -> str:
        return f"{NoticeKind(self.kind).label} v{self.version}"
