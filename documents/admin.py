"""Reference data only: notices, numbers, templates and attachments change through services, never here."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from config.common.administration import ForAdministrators

from .models import Organ, OrganName, PolicyDocument


@admin.register(PolicyDocument)
class PolicyDocumentAdmin(ForAdministrators, SimpleHistoryAdmin):
    list_display = ("title", "document_number", "issuer", "issued_on", "is_formal", "mark", "is_demo")
    list_filter = ("is_formal", "mark", "is_demo")
    search_fields = ("title", "document_number", "issuer")


class OrganNameInline(ForAdministrators, admin.StackedInline):
    model = OrganName
    extra = 0


@admin.register(Organ)
class OrganAdmin(ForAdministrators, SimpleHistoryAdmin):
    list_display = ("key", "is_demo")
    inlines = (OrganNameInline,)
