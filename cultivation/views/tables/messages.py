"""The threads of a case and of a firm as their reader sees them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from config.common.workbooks import Value
from cultivation.models import User
from cultivation.selectors.messages import Thread, messages_of
from cultivation.views.messages import lines_of
from cultivation.views.readers import READERS
from documents.api import TableMaker

from .of_case import case_of
from .of_firm import firm_of


class CaseMessages(TableMaker):
    """The thread of one ``case``."""

    roles = READERS

    def name(self) -> str:
        return _("Messages")

    def thread(self, parameters: Mapping[str, Any], owner: User) -> Thread:
        return case_of(parameters, owner)

    def headers(self) -> Sequence[str]:
        return (_("Time"), _("By"), _("Kind"), _("Message"))

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return messages_of(self.thread(parameters, owner), owner).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for line in lines_of(self.thread(parameters, owner), owner):
            yield f"{localtime(line.at):%Y-%m-%d %H:%M}", line.author, str(line.label), line.text


class FirmMessages(CaseMessages):
    """The thread of one ``firm`` apart from its cases."""

    def thread(self, parameters: Mapping[str, Any], owner: User) -> Thread:
        return firm_of(parameters, owner)
