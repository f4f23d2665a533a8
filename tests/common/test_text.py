"""Text and credit codes as people type them."""

import pytest

from config.common import credit_codes
from config.common.text import fold, normalise


class TestText:
    def test_full_width_digits_and_blanks_are_normalised_and_brackets_stay(self):
        assert normalise("　广西（百色）Ａ１　公司 ​") == "广西（百色）A1 公司"
        assert fold("广西（百色）ａ1 公司") == fold("广西(百色)A1公司")

    @pytest.mark.parametrize(
        ("code", "valid"),
        [
            ("91350100M000100Y43", True),
            ("91350100M000100Y4Z", False),
            ("91350100M000100Y4", False),
            ("9135010OM000100Y43", False),
            ("", False),
        ],
    )
    def test_the_published_credit_code(self, code, valid):
        assert credit_codes.is_valid(code) is valid

    def test_a_credit_code_is_normalised(self):
        assert credit_codes.normalise(" ９１350100m000100y43　") == "91350100M000100Y43"
