"""Achievements of the programme on their pages: with document and evidence, corrected by a second person, imported."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cultivation.enums import TargetMeasure
from cultivation.models import Achievement
from cultivation.services.achievements import record_achievement
from tests.factories import division

HEAD = ("指标", "名称", "单位", "县（市、区）", "取得日期", "依据文件")


@pytest.fixture
def entry(cast):
    return record_achievement(
        measure=TargetMeasure.PLATFORMS,
        title="演示铝加工创新平台",
        achieved_on=dt.date(2019, 3, 1),
        document="演示科〔2019〕7号",
        actor=cast.caseworker,
    )


@pytest.fixture
def office(client, cast):
    client.force_login(cast.caseworker)
    return client


def form(**answers) -> dict[str, object]:
    return {
        "measure": "conversions",
        "title": "演示铝渣回收工艺转化",
        "division": division("youjiang").pk,
        "achieved_on": "2019-03-01",
        "document": "演示科〔2019〕7号",
        **answers,
    }


class TestRecording:
    def test_an_entry_counts_on_the_board_at_once(self, office):
        before = reached(office)
        answer = office.post(reverse("cultivation:achievement_new"), form())
        assert answer.status_code == 302
        assert reached(office) == before + 1

    def test_evidence_is_opened_once_somebody_has_found_it_clean(self, office):
        file = SimpleUploadedFile("验收.pdf", b"%PDF-1.4 made up")
        page = office.post(reverse("cultivation:achievement_new"), form(evidence=file))["Location"]
        (entry,) = Achievement.objects.all()
        opened = reverse("cultivation:achievement_evidence", args=[entry.pk])
        assert office.get(page).context["may_confirm"]
        assert office.get(opened).status_code == 404
        office.post(reverse("cultivation:achievement_act", args=[entry.pk, "confirm-evidence"]))
        assert office.get(opened).content == b"%PDF-1.4 made up"

    @pytest.mark.parametrize(
        ("field", "value"),
        [("achieved_on", "2019-07-01"), ("document", " "), ("achieved_on", "三月"), ("title", "")],
    )
    def test_a_faulty_field_is_named_and_nothing_is_written(self, office, field, value):
        answer = office.post(reverse("cultivation:achievement_new"), form(**{field: value}))
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert not Achievement.objects.exists()

    def test_a_file_of_a_kind_nobody_takes_stands_beside_its_field(self, office):
        file = SimpleUploadedFile("run.exe", b"MZ")
        answer = office.post(reverse("cultivation:achievement_new"), form(evidence=file))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["evidence"])


class TestCorrecting:
    def test_who_entered_it_does_not_correct_it(self, office, entry):
        answer = act(office, entry, "strike", reason="误录")
        assert answer.status_code == 403
        assert Achievement.objects.standing().get() == entry

    def test_a_second_person_corrects_and_the_chain_shows_both(self, client, cast, entry):
        client.force_login(cast.caseworker2)
        answer = act(
            client,
            entry,
            "correct",
            title="演示铝精深加工创新平台",
            achieved_on="2019-04-01",
            document="演示科〔2019〕9号",
            reason="名称有误",
        )
        assert answer.status_code == 302
        page = client.get(answer["Location"])
        assert [row.title for row in page.context["chain"]] == [
            "演示铝加工创新平台",
            "演示铝精深加工创新平台",
        ]
        assert not client.get(reverse("cultivation:achievement", args=[entry.pk])).context["counts"]

    def test_a_struck_entry_leaves_the_list_and_is_found_among_the_corrected(self, client, cast, entry):
        client.force_login(cast.caseworker2)
        assert act(client, entry, "strike", reason="误录").status_code == 302
        url = reverse("cultivation:achievements")
        assert client.get(url).context["rows"] == []
        assert len(client.get(url, {"corrected": "1"}).context["rows"]) == 2

    def test_without_a_reason_nothing_happens(self, client, cast, entry):
        client.force_login(cast.caseworker2)
        assert act(client, entry, "strike", reason="").status_code == 422
        assert act(client, entry, "forget").status_code == 404


def test_the_list_asks_no_more_with_more_entries(office, cast, django_assert_max_num_queries):
    def add(number: int) -> None:
        record_achievement(
            measure=TargetMeasure.CONVERSIONS,
            title=f"演示工艺{number}",
            achieved_on=dt.date(2019, 3, 1),
            document="演示",
            division=division("youjiang"),
            actor=cast.caseworker,
        )

    add(0)
    with django_assert_max_num_queries(20) as first:
        office.get(reverse("cultivation:achievements"))
    for number in range(1, 6):
        add(number)
    with django_assert_max_num_queries(len(first)):
        office.get(reverse("cultivation:achievements"))


def act(client, entry, action, **answers):
    return client.post(reverse("cultivation:achievement_act", args=[entry.pk, action]), answers)


def reached(client) -> int:
    """Conversions of Youjiang on the board."""
    page = client.get(reverse("cultivation:board"), {"county": "youjiang"})
    return next(
        row["reached"] for row in page.context["figures"]["programme"] if row["measure"] == "conversions"
    )
