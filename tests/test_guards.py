"""The guards really stop what they are there to stop."""

import datetime as dt
import io
import socket
from pathlib import Path

import pytest
import xlsxwriter
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template, engines
from django.template.base import Origin

from config.common import clock as business_clock
from cultivation.models import Firm, FirmName, User
from tests.guards import NetworkUse, RunnableCell, UndefinedVariable


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


class TestTemplates:
    def test_an_undefined_variable_fails(self) -> None:
        with pytest.raises(UndefinedVariable, match="missing"):
            render("Hello {{ missing }}")

    def test_an_undefined_attribute_fails(self) -> None:
        with pytest.raises(UndefinedVariable, match=r"firm\.nmae"):
            render("{{ firm.nmae }}", firm={"name": "x"})

    def test_an_undefined_filter_argument_does_not_pass(self) -> None:
        with pytest.raises(Exception, match="missing"):
            render("{{ 1|add:missing }}")

    def test_an_undefined_variable_inside_a_translation_fails(self) -> None:
        with pytest.raises(UndefinedVariable, match="name"):
            render("{% load i18n %}{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}")

    def test_a_default_says_that_the_variable_may_be_missing(self) -> None:
        assert render('{{ missing|default:"none" }}{{ missing|default_if_none:"" }}') == "none"

    def test_conditions_may_ask_for_a_variable(self) -> None:
        assert render("{% if missing %}yes{% else %}no{% endif %}") == "no"

    def test_templates_of_libraries_are_left_alone(self) -> None:
        library = Origin(name="/usr/lib/library/page.html")
        template = Template("[{{ missing }}]", origin=library, engine=engines["django"].engine)
        assert template.render(Context({})) == "[]"


class TestSpreadsheets:
    @pytest.mark.parametrize(
        ("method", "value"),
        [
            ("write", "text"),
            ("write", "=1+1"),
            ("write_formula", "=1+1"),
            ("write_url", "https://example.org"),
        ],
    )
    def test_a_cell_whose_content_decides_what_it_is_fails(self, method: str, value: str) -> None:
        sheet = xlsxwriter.Workbook(io.BytesIO()).add_worksheet()
        with pytest.raises(RunnableCell):
            getattr(sheet, method)(0, 0, value)

    def test_an_account_number_as_a_number_fails(self) -> None:
        sheet = xlsxwriter.Workbook(io.BytesIO()).add_worksheet()
        with pytest.raises(RunnableCell, match="digits"):
            sheet.write_number(0, 0, 6222021234567890123)

    def test_text_and_plain_numbers_pass(self) -> None:
        with xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            assert sheet.write_string(0, 0, "=1+1") == 0
            assert sheet.write_number(0, 1, 80000) == 0


class TestNetwork:
    def test_the_world_is_out_of_reach(self) -> None:
        with socket.socket() as outside, pytest.raises(NetworkUse):
            outside.connect(("192.0.2.1", 80))
        with pytest.raises(NetworkUse):
            socket.getaddrinfo("example.org", 80)

    def test_this_machine_can_be_spoken_to(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
            pass


class TestWarnings:
    @pytest.mark.django_db
    def test_a_naive_datetime_fails(self) -> None:
        with pytest.raises(RuntimeWarning, match="naive datetime"):
            User.objects.filter(date_joined=dt.datetime(2019, 6, 30)).exists()  # noqa: DTZ001

    @pytest.mark.django_db
    def test_pages_of_an_unordered_list_fail(self) -> None:
        with pytest.raises(Warning, match="unordered object_list"):
            Paginator(FirmName.objects.order_by(), 10).page(1)


class TestFixtures:
    def test_stored_files_stay_out_of_the_source(self) -> None:
        assert not Path(settings.MEDIA_ROOT).is_relative_to(settings.BASE_DIR)

    def test_the_clock_is_set_for_the_rest_of_the_test(self, clock) -> None:
        clock(dt.date(2019, 7, 1))
        clock(dt.date(2020, 1, 2))
        assert business_clock.today() == dt.date(2020, 1, 2)

    def test_the_clock_of_one_test_is_not_that_of_the_next(self) -> None:
        assert business_clock.today() == dt.date(2019, 6, 30)

    def test_everybody_of_the_cast_has_the_role_of_the_name(self, cast) -> None:
        for name in cast.__slots__:
            assert getattr(cast, name).roles == {name.rstrip("2")}
        assert cast.county.division == Firm.objects.get().division
