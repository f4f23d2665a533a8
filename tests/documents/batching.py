"""A source of notices for batches: short letters that nothing else depends on, some of which go wrong on purpose."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from config.common.errors import Refused
from documents.api import Notice, NoticeFacts, NoticeKind, PolicyDocument, draft_template, publish_template
from tests.people import Cast

TITLE = "关于{{ firm_name }}入库的通知"
BODY = "根据{{ basis_text }}，你公司已列入培育后备库，编号{{ entry }}。"


class Letters:
    """Subjects are ``letter:3``. ``refuse`` may not be issued, ``refuse_late`` only turns out so when it is stored."""

    refuse: ClassVar[set[str]] = set()
    refuse_late: ClassVar[set[str]] = set()
    settled: ClassVar[list[str]] = []
    names: ClassVar[dict[str, str]] = {}

    def facts(self, subject: str, *, actor: Any, issued_on: dt.date) -> NoticeFacts:
        if subject in self.refuse:
            raise Refused("wrong_state", "不在库")
        name = self.names.get(subject, f"百色演示第{subject.removeprefix('letter:')}科技有限公司")
        return NoticeFacts(
            name, {"firm_name": name, "entry": 7}, list(PolicyDocument.objects.filter(is_demo=True)[:1])
        )

    def lock(self, subjects: Sequence[str]) -> None:
        pass

    def settle(self, notice: Notice, *, actor: Any) -> None:
        if notice.subject in self.refuse_late:
            raise Refused("wrong_state", "刚刚出库")
        self.settled.append(notice.subject)


def publish_letter(cast: Cast, second: Any) -> None:
    draft = draft_template(
        kind=NoticeKind.ENROLMENT,
        title=TITLE,
        body=BODY,
        variables={"firm_name": "企业名称", "entry": "序号"},
        actor=cast.administrator,
    )
    publish_template(template=draft, actor=second)
