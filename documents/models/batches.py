"""Many notices at once: the batch, and what becomes of each of its notices."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.enums import BatchFileKind, BatchState, ItemState, NoticeKind

from .notices import Notice
from .organs import Organ


class NoticeBatch(models.Model):
    """Notices of one kind, date and organ, issued in the background by any number of workers."""

    kind = models.CharField(_("kind"), max_length=12, choices=NoticeKind)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name=_("organ"))
    issued_on = models.DateField(_("date of issue"))
    state = models.CharField(
        _("state"), max_length=12, choices=BatchState, default=BatchState.RUNNING, db_index=True
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    created_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("batch of notices")
        verbose_name_plural = _("batches of notices")
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="finished_batch_names_its_time",
                condition=Q(state=BatchState.FINISHED, finished_at__isnull=False)
                | (~Q(state=BatchState.FINISHED) & Q(finished_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.issued_on.isoformat()} #{self.pk}"


class BatchItem(models.Model):
    """One notice of a batch. ``leased_until``: a worker has it until then; after that any other may take it."""

    batch = models.ForeignKey(NoticeBatch, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField(_("position"))
    subject = models.CharField(_("subject"), max_length=60)
    label = models.CharField(_("addressee"), max_length=200)
    group = models.CharField(_("county"), max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=ItemState, default=ItemState.WAITING)
    leased_until = models.DateTimeField(_("with a worker until"), null=True, blank=True)
    notice = models.OneToOneField(Notice, models.PROTECT, related_name="batch_item", null=True, blank=True)
    error_code = models.CharField(_("error code"), max_length=60, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("notice of a batch")
        verbose_name_plural = _("notices of a batch")
        ordering: ClassVar = ["batch", "position"]
        indexes: ClassVar = [models.Index(fields=["batch", "state", "position"], name="batch_items_to_do")]
        constraints: ClassVar = [
            models.UniqueConstraint(name="batch_position_is_unique", fields=["batch", "position"]),
            models.UniqueConstraint(name="subject_stands_once_in_a_batch", fields=["batch", "subject"]),
            models.CheckConstraint(
                name="batch_item_is_issued_failed_or_waiting",
                condition=Q(state=ItemState.WAITING, notice__isnull=True, error_code="")
                | Q(state=ItemState.ISSUED, notice__isnull=False, error_code="")
                | (Q(state=ItemState.FAILED, notice__isnull=True) & ~Q(error_code="")),
            ),
            models.CheckConstraint(
                name="only_a_waiting_item_is_leased",
                condition=Q(leased_until__isnull=True) | Q(state=ItemState.WAITING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.position}"


class BatchFile(models.Model):
    """A file made in the background of the issued notices at ``first``…``last`` of a batch; empty until it is made."""

    batch = models.ForeignKey(NoticeBatch, models.CASCADE, related_name="files")
    kind = models.CharField(_("kind"), max_length=10, choices=BatchFileKind)
    first = models.PositiveIntegerField(_("first notice"))
    last = models.PositiveIntegerField(_("last notice"))
    file = models.FileField(_("file"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("requested at"))

    class Meta:
        verbose_name = _("file of a batch")
        verbose_name_plural = _("files of batches")
        ordering: ClassVar = ["batch", "kind", "first"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="batch_file_of_a_kind_begins_once", fields=["batch", "kind", "first"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.kind} {self.first}–{self.last}"

    @property
    def name(self) -> str:
        """What a person's download is called."""
        if self.kind == BatchFileKind.ARCHIVE:
            return f"通知书-{self.batch_id}.zip"
        return f"通知书-{self.batch_id}-打印-{self.first}-{self.last}.pdf"
