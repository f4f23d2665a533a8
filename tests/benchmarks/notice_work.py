"""The work of the notice benchmarks; :mod:`tests.benchmarks.issuing` runs each part in a process of its own.

``prepare N`` makes a database with a batch of N one-page notices and prints its number; ``dump BATCH FOLDER`` writes the HTML
of its notices; ``issue BATCH`` works on it; ``naive FOLDER`` renders that HTML in a bare WeasyPrint loop. The last
two print seconds and notices; ``issue`` also its memory at the end and half-way in MiB, and the largest file in KiB.
"""

import datetime as dt
import json
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from cultivation.enums import Role
from cultivation.models import User
from documents.api import Notice, NoticeFacts, NoticeKind, Organ, OrganName, PolicyDocument, Wanted
from documents.models import NoticeBatch, NoticeTemplate
from documents.services import batches
from documents.services.composing import draft, typeset
from tests.people import person

DAY = dt.date(2019, 6, 30)
_SURNAMES = "铝锌铜锰钛硅镁锂稀土芒果桂西右江田阳德保靖那坡凌云乐业隆林平果东百色红水河壮乡"
_TRADES = "新材料生物医药电子信息装备制造节能环保农业科技物流冷链食品机械仪表软件通信化工冶金纺织陶瓷玻璃"

settings.NOTICE_SOURCES = {"enrolment": f"{__name__}.Letters"}


class Letters:
    """One page each: the firm, its credit code and the entry in the reserve pool."""

    def facts(self, subject: str, *, actor: Any, issued_on: dt.date) -> NoticeFacts:
        n = int(subject.removeprefix("letter:"))
        name = f"百色{_SURNAMES[n % 37]}{_SURNAMES[n * 7 % 37]}{_TRADES[n % 43]}{_TRADES[n * 5 % 43]}科技有限公司"
        bases = PolicyDocument.objects.filter(source="演示")
        return NoticeFacts(name, {"entry": n, "credit_code": f"91990000MA5K{n:05d}Y"}, list(bases))

    def lock(self, subjects: Sequence[str]) -> None:
        pass

    def settle(self, notice: Notice, *, actor: Any) -> None:
        pass


def prepare(count: int) -> int:
    call_command("migrate", verbosity=0, skip_checks=True)
    organ, made = Organ.objects.get_or_create(key="bureau")
    if made:
        name = "演示市科学技术局"
        OrganName.objects.create(
            organ=organ, name=name, mark_name=name, number_prefix="演科字", source="演示"
        )
        PolicyDocument.objects.create(
            title="演示市高新技术企业培育办法",
            issuer="演示市人民政府",
            document_number="演政发〔2019〕1号",
            issued_on=DAY,
            is_formal=True,
            source="演示",
            mark=PolicyDocument.Mark.READ,
        )
    actor, drafter, publisher = (
        User.objects.filter(username=role).first() or person(role, role)
        for role in (Role.CASEWORKER, Role.ADMINISTRATOR, Role.REVIEWER)
    )
    NoticeTemplate.objects.get_or_create(
        kind=NoticeKind.ENROLMENT,
        version=1,
        defaults={
            "title": "关于纳入培育后备库的通知",
            "body": "根据{{ basis_text }}，你公司（{{ credit_code }}）已入库，编号{{ entry }}。",
            "variables": {"credit_code": "", "entry": ""},
            "state": "published",
            "drafted_by": drafter,
            "drafted_at": dt.datetime.now(dt.UTC),
            "published_by": publisher,
            "published_at": dt.datetime.now(dt.UTC),
        },
    )
    start = NoticeBatch.objects.count() * 1_000_000
    wanted = [Wanted(f"letter:{start + n}", f"第{n}户") for n in range(1, count + 1)]
    batch = batches.start_batch(
        kind=NoticeKind.ENROLMENT, organ=organ, issued_on=DAY, wanted=wanted, actor=actor
    )
    return batch.pk


def dump(batch_id: int, folder: Path) -> None:
    batch = NoticeBatch.objects.get(pk=batch_id)
    source = Letters()
    for n, item in enumerate(batch.items.all(), start=1):
        facts = source.facts(item.subject, actor=batch.created_by, issued_on=DAY)
        found = draft(
            kind=NoticeKind.ENROLMENT,
            organ=batch.organ,
            subject=item.subject,
            recipient=facts.recipient,
            context=facts.context,
            bases=facts.bases,
            issued_on=DAY,
        )
        (folder / f"{n:05d}.html").write_text(typeset(found, f"演科字〔2019〕{n}号")[0], encoding="utf-8")


def _memory() -> int:
    """Resident memory in MiB, now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() >> 20


def issue(batch_id: int) -> dict[str, float]:
    import documents.rendering.pdf  # noqa: F401 (loading WeasyPrint is not the batch's work)

    batch, memory = NoticeBatch.objects.get(pk=batch_id), []
    run = batches._Run.issue

    def watched(self: Any, chunk: Any) -> int:
        memory.append(_memory())
        return run(self, chunk)

    batches._Run.issue = watched  # type: ignore[method-assign]
    started = time.perf_counter()
    issued = batches.work_on_batch(batch.pk)
    seconds = time.perf_counter() - started
    files = [notice.file.size for notice in Notice.objects.filter(batch_item__batch=batch)]
    return {
        "seconds": seconds,
        "notices": issued,
        "memory": _memory(),
        "memory_half_way": memory[len(memory) // 2],
        "largest": max(files) / 1024,
    }


def naive(folder: Path) -> dict[str, float]:
    """What one would write first: everything anew for every page."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from documents.rendering import fonts, pdf

    faces = "".join(
        f'@font-face {{ font-family: "{family}"; src: url("{fonts.font_file(family).as_uri()}"); }}\n'
        for family in fonts.FACES
    )
    stylesheet = faces + Path(pdf.__file__).with_name("official.css").read_text("utf-8")
    rendered = 0
    started = time.perf_counter()
    for path in sorted(folder.glob("*.html")):
        configuration = FontConfiguration()
        sheet = CSS(string=stylesheet, font_config=configuration)
        content = HTML(string=path.read_text("utf-8")).write_pdf(
            stylesheets=[sheet], font_config=configuration, pdf_variant="pdf/a-3u", pdf_tags=True
        )
        path.with_suffix(".pdf").write_bytes(content)
        rendered += 1
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "notices": rendered}


def main(part: str, *arguments: str) -> None:
    if part == "prepare":
        answer: Any = prepare(int(arguments[0]))
    elif part == "dump":
        answer = dump(int(arguments[0]), Path(arguments[1]))
    elif part == "issue":
        answer = issue(int(arguments[0]))
    else:
        answer = naive(Path(arguments[0]))
    sys.stdout.write(json.dumps(answer))
