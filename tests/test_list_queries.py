"""The SQL of the main lists: at most ten queries a page, as many for sixty rows as for five, and the very ones on record.

What a list asks the database is kept in ``list_queries.txt`` beside this file, without the values and the names of columns
asked for. Where a list is changed on purpose, ``UPDATE_LIST_QUERIES=1 pytest tests/test_list_queries.py`` writes the file
anew; its difference is then read like that of any other source. The file is SQLite's; the numbers hold everywhere.
"""

import datetime as dt
import difflib
import os
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.common.clock import now
from cultivation.enums import DisclosureKind
from cultivation.models import BankAccount, CultivationCase, DisclosurePeriod, Division, IndustryField
from cultivation.scale.lives import lives
from cultivation.scale.writing import next_number, write_lives
from documents.api import NoticeKind
from documents.models import Notice, NoticeTemplate, Organ, PreparedFile
from subsidies.models import Award, BankFormat, PaymentLine, PaymentList
from subsidies.services.proposals import propose_awards
from tests.factories import BankAccountFactory
from tests.people import Cast
from tests.subsidies.factories import funding_line, notice_organ, scheme_version

ON_RECORD = Path(__file__).with_name("list_queries.txt")
FEW, MANY, MOST_QUERIES = 5, 60, 10

# Name: who looks, at which address, with which filter.
LISTS: dict[str, tuple[str, str, str]] = {
    "work queue": ("caseworker", "cultivation:queue", ""),
    "work queue, mine": ("caseworker", "cultivation:queue", "mine=on"),
    "work queue, overdue": ("caseworker", "cultivation:queue", "overdue=on"),
    "work queue, stalled": ("caseworker", "cultivation:queue", "stalled=on"),
    "work queue, waiting for the city": ("caseworker", "cultivation:queue", "waiting=city"),
    "work queue, one county and state": ("caseworker", "cultivation:queue", "division=youjiang&state=pooled"),
    "work queue, with a text": ("caseworker", "cultivation:queue", "q=演示"),
    "work queue of a county": ("county", "cultivation:queue", ""),
    "cases": ("caseworker", "cultivation:cases", ""),
    "cases, one state with a text": ("caseworker", "cultivation:cases", "state=accredited&q=演示"),
    "cases, to be reviewed": ("caseworker", "cultivation:cases", "review=1"),
    "search of firms": ("caseworker", "cultivation:search", "q=演示"),
    "certificates": ("caseworker", "cultivation:certificates", ""),
    "certificates, without renewal": ("caseworker", "cultivation:certificates", "state=unprepared&q=GR"),
    "awards": ("reviewer", "subsidies:awards", ""),
    "awards, one county": ("reviewer", "subsidies:awards", "division=youjiang"),
    "payment lists": ("finance", "subsidies:payment_lists", ""),
    "lines of a payment list": ("finance", "subsidies:payment_list", ""),
    "public disclosure": ("nobody", "public:disclosure", ""),
    "notices": ("reviewer", "documents:notices", ""),
    "files": ("caseworker", "documents:files", ""),
}


class World:
    """Rows for every list, a few at first and then as many more as are asked for."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        scheme_version()
        notice_organ(NoticeKind.GRANT)
        self.line = funding_line()
        self.period = DisclosurePeriod.objects.create(
            kind=DisclosureKind.ACCREDITATION,
            published_on=dt.date(2019, 6, 20),
            last_day=dt.date(2019, 7, 4),
            working_days=10,
            place="局门户网站",
            opened_by=cast.caseworker,
        )
        self.account: BankAccount = BankAccountFactory()
        self.paid = self._payment_list(1)

    def grow(self, rows: int) -> None:
        """Let every list have at least so many rows."""
        population = lives(
            firms=rows * 8,
            seed=1,
            first=next_number(),
            today=dt.date(2019, 6, 30),
            divisions=Division.objects.filter(parent__isnull=False).count(),
            fields=IndustryField.objects.count(),
        )
        write_lives(population, self.cast.caseworker)
        propose_awards(actor=self.cast.caseworker)
        disclosed = CultivationCase.objects.filter(disclosure__isnull=False).values("pk")
        CultivationCase.objects.filter(pk__in=disclosed).update(disclosure=self.period)
        award = Award.objects.earliest("pk")
        for number in range(PaymentList.objects.count() + 1, rows + 1):
            self._payment_list(number)
        begin = self.paid.lines.count() + 1
        PaymentLine.objects.bulk_create(
            self._payment_line(award, number) for number in range(begin, rows + 1)
        )
        begin = Notice.objects.count() + 1
        Notice.objects.bulk_create(self._notice(number) for number in range(begin, rows + 1))
        PreparedFile.objects.bulk_create(
            PreparedFile(
                owner=self.cast.caseworker,
                kind="cases",
                name="x.xlsx",
                language="zh-hans",
                asked_at=now(),
                expires_at=now(),
            )
            for _number in range(rows)
        )

    def _payment_list(self, number: int) -> PaymentList:
        return PaymentList.objects.create(
            year=2019,
            sequence=number,
            number=f"ZF2019-{number:03d}",
            funding_line=self.line,
            purpose="奖补",
            bank_format=BankFormat.objects.earliest("pk"),
            drafted_by=self.cast.finance,
        )

    def _payment_line(self, award: Award, number: int) -> PaymentLine:
        return PaymentLine(
            payment_list=self.paid,
            number=number,
            award=award,
            payee_name="演示企业",
            credit_code=f"{number:018d}",
            bank_name=self.account.bank_name,
            clearing_code=self.account.clearing_code,
            account_number=self.account.number,
            account=self.account,
            amount=Decimal("1.00"),
            purpose="奖补",
            award_year=2018,
            is_active=False,
        )

    def _notice(self, number: int) -> Notice:
        return Notice(
            number=f"演科字〔2019〕{number}号",
            organ=Organ.objects.get(is_demo=True),
            organ_name="演示市科学技术局",
            series="演科字",
            year=2019,
            sequence=number,
            kind=NoticeKind.GRANT,
            template=NoticeTemplate.objects.get(kind=NoticeKind.GRANT),
            subject=f"award:{number}",
            recipient="演示企业",
            context={},
            html_sha256=f"{number:064d}",
            pdf_sha256=f"{number:064d}",
            short_hash="0" * 12,
            file="x.pdf",
            issued_on=dt.date(2019, 6, 30),
            issued_by=self.cast.reviewer,
            issued_at=now(),
        )

    def ask(self, name: str) -> list[str]:
        """The queries of a list."""
        who, route, query = LISTS[name]
        arguments: dict[str, list[object]] = {
            "public:disclosure": [self.period.pk],
            "subsidies:payment_list": [self.paid.number],
        }
        client = Client()
        if who != "nobody":
            client.force_login(getattr(self.cast, who))
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"{reverse(route, args=arguments.get(route, []))}?{query}")
        assert answer.status_code == 200, name
        return [query["sql"] for query in queries.captured_queries]


def plain(sql: str) -> str:
    """A query for reading, a clause a line: without quotes, values, apps, lists of columns and the length of a list."""
    sql = re.sub(r"'(?:[^']|'')*'", "?", " ".join(sql.split())).replace('"', "")
    sql = re.sub(r"\b(?:cultivation|subsidies|documents|django|auth)_", "", sql)
    sql = re.sub(r"\b\d+(?:\.\d+)?\b", "?", sql)
    sql = re.sub(r"\(\?(?:, \?)+\)", "(?, …)", sql)
    sql = re.sub(r"SELECT (DISTINCT )?[a-z]\w*\.\w+(?:, [a-z]\w*\.\w+)+ FROM", r"SELECT \1… FROM", sql)
    return re.sub(r" (FROM|INNER JOIN|LEFT OUTER JOIN|WHERE|GROUP BY|ORDER BY|UNION) ", r"\n    \1 ", sql)


@pytest.fixture
def world(cast: Cast, clock: Callable[[dt.date], None]) -> World:
    clock(dt.date(2019, 6, 30))
    return World(cast)


def test_the_lists_ask_what_is_on_record_however_many_rows_there_are(world: World) -> None:
    world.grow(FEW)
    few = {name: world.ask(name) for name in LISTS}
    world.grow(MANY)
    many = {name: world.ask(name) for name in LISTS}
    numbers = {name: (len(few[name]), len(many[name])) for name in LISTS}
    assert {
        name: both for name, both in numbers.items() if both[0] != both[1] or both[0] > MOST_QUERIES
    } == {}
    if connection.vendor != "sqlite":
        return
    found = "\n".join(
        f"## {name}\n" + "".join(f"{plain(sql)}\n" for sql in queries) for name, queries in many.items()
    )
    if os.environ.get("UPDATE_LIST_QUERIES"):
        ON_RECORD.write_text(found, encoding="utf-8")
    recorded = ON_RECORD.read_text(encoding="utf-8")
    changes = difflib.unified_diff(
        recorded.splitlines(), found.splitlines(), "on record", "asked now", lineterm="", n=1
    )
    assert found == recorded, "the queries have changed:\n" + "\n".join(changes)
