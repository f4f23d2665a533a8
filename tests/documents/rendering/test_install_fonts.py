from pathlib import Path

import pytest

from documents.rendering import install_fonts
from documents.rendering.fonts import FACES, directory


def test_every_face_is_installed_by_the_set_up(root: Path) -> None:
    installed = {*install_fonts._FANDOL_FILES.values(), *install_fonts._NOTO_FILES.values()}
    assert set(FACES.values()) <= installed


def test_it_does_nothing_when_the_fonts_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install_fonts, "_run", lambda *command, **options: pytest.fail("nothing to run"))
    assert install_fonts.main([str(directory())]) == 0


def test_it_ends_with_status_2_and_advice_where_packages_cannot_be_had(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install_fonts, "_run", lambda *command, **options: False)
    assert install_fonts.main([str(tmp_path)]) == 2
    assert "texlive-lang-chinese" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
