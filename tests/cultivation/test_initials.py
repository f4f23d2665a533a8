"""Names by their pinyin initials, surnames and places that are read otherwise included."""

import datetime as dt

import pytest

from cultivation.initials import initials, typed_initials
from cultivation.models import FirmName
from tests.factories import FirmFactory, rename, staff


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("百色新山铝业有限公司", "bsxslyyxgs"),
        ("单县新材料有限公司", "sxxclyxgs"),
        ("百色单晶硅有限公司", "bsdjgyxgs"),
        ("曾氏食品有限公司", "zsspyxgs"),
        ("覃记药业", "qjyy"),
        ("重庆长城", "cqcc"),
        ("乐业县茶业", "lyxcy"),
        ("平果铝业（集团）ABC3号", "pglyjtabc3h"),
        ("ＡＢ　科技", "abkj"),
    ],
)
def test_every_character_gives_its_letter(name, letters):
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("typed", "wanted"), [("XSLY", "xsly"), ("ｘｓ", "xs"), ("x", ""), ("新山", ""), ("x山", ""), ("", "")]
)
def test_letters_alone_are_looked_for_as_initials(typed, wanted):
    assert typed_initials(typed) == wanted


@pytest.mark.django_db
def test_every_way_in_writes_them():
    firm = FirmFactory(name="演示旧名有限公司")
    rename(firm, "演示新名有限公司", dt.date(2019, 1, 1))
    FirmName.objects.bulk_create(
        [FirmName(firm=firm, name="曾氏", valid_from=dt.date(2018, 1, 1), recorded_by=staff().caseworker)]
    )
    assert set(FirmName.objects.values_list("initials", flat=True)) == {"ysxmyxgs", "zs"}
