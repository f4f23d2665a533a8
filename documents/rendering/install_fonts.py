"""Puts the fonts of official documents under ``var/fonts``: ``python -m documents.rendering.install_fonts [DIRECTORY]``.

仿宋, 楷体, 黑体 and 宋体 are the Fandol faces (GPL with font exception) out of Debian's ``texlive-lang-chinese``, the 小标宋-like
title face and the fallback are Noto Serif CJK SC (OFL) out of ``fonts-noto-cjk``. The packages are downloaded and read,
not installed, so this needs no root; only missing package lists do. Running it again does nothing.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from fontTools.ttLib import TTCollection

_FANDOL = "texlive-lang-chinese"
_FANDOL_DIR = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/"
_FANDOL_DOC = "usr/share/doc/texlive-doc/fonts/fandol/"
_FANDOL_FILES = {
    _FANDOL_DIR + "FandolFang-Regular.otf": "FandolFang-Regular.otf",
    _FANDOL_DIR + "FandolKai-Regular.otf": "FandolKai-Regular.otf",
    _FANDOL_DIR + "FandolHei-Regular.otf": "FandolHei-Regular.otf",
    _FANDOL_DIR + "FandolSong-Regular.otf": "FandolSong-Regular.otf",
    _FANDOL_DOC + "README": "Fandol-README",
    _FANDOL_DOC + "COPYING.gz": "Fandol-COPYING.gz",
}

_NOTO = "fonts-noto-cjk"
_NOTO_DIR = "usr/share/fonts/opentype/noto/"
_NOTO_FACE = "Noto Serif CJK SC"
_NOTO_FILES = {
    _NOTO_DIR + "NotoSerifCJK-Regular.ttc": "NotoSerifSC-Regular.otf",
    _NOTO_DIR + "NotoSerifCJK-Bold.ttc": "NotoSerifSC-Bold.otf",
}


class CannotInstall(Exception):
    """The machine cannot give the fonts; the message says what a person can do."""


def _say(message: str) -> None:
    sys.stderr.write(message + "\n")


def _run(*command: str, cwd: Path | None = None) -> bool:
    try:
        return subprocess.run(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=sys.stderr).returncode == 0
    except FileNotFoundError:
        return False


def _update_lists() -> bool:
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    return _run(*prefix, "apt-get", "update", "-q")


def _download(package: str, into: Path) -> Path:
    """The package file of a Debian package."""
    command = ("apt-get", "download", "-q", package)
    if not _run(*command, cwd=into) and not (_update_lists() and _run(*command, cwd=into)):
        raise CannotInstall(
            f"Debian package {package} could not be downloaded. Where apt is missing or has no network, put its fonts "
            "into the directory by hand; where its lists are missing, run “apt-get update” as root first."
        )
    return next(into.glob(f"{package}_*.deb"))


def _extract(package: Path, members: Mapping[str, str], into: Path) -> None:
    """Write the named members of a package file under their new names."""
    process = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE)
    found = set()
    with process, tarfile.open(fileobj=process.stdout, mode="r|") as archive:
        for entry in archive:
            name = entry.name.removeprefix("./")
            content = archive.extractfile(entry) if name in members else None
            if content is not None:
                with (into / members[name]).open("wb") as target:
                    shutil.copyfileobj(content, target)
                found.add(name)
    if missing := set(members) - found:
        raise CannotInstall(f"{package.name} does not hold {', '.join(sorted(missing))}")


def _write_face(collection: Path, target: Path) -> None:
    """The simplified Chinese face of a font collection as a file of its own, which a page can name without doubt."""
    with TTCollection(str(collection), lazy=True) as fonts:
        for font in fonts:
            if font["name"].getDebugName(1) == _NOTO_FACE or font["name"].getDebugName(16) == _NOTO_FACE:
                font.save(str(target))
                return
    raise CannotInstall(f"{collection} has no face {_NOTO_FACE}")


def _place(finished: Path, directory: Path) -> None:
    """Move a finished file in one step, so that a broken run leaves no half of a font."""
    partial = directory / f".{finished.name}.partial"
    shutil.copyfile(finished, partial)
    partial.replace(directory / finished.name)


def _install_fandol(directory: Path, work: Path) -> None:
    _say(f"fonts: fetching {_FANDOL} (47 MiB)")
    _extract(_download(_FANDOL, work), _FANDOL_FILES, work)
    for name in _FANDOL_FILES.values():
        _place(work / name, directory)


def _install_noto(directory: Path, work: Path) -> None:
    collections = {path: Path("/", path) for path in _NOTO_FILES}
    if not all(path.exists() for path in collections.values()):
        _say(f"fonts: fetching {_NOTO} (54 MiB)")
        members = {path: Path(path).name for path in _NOTO_FILES}
        _extract(_download(_NOTO, work), members, work)
        collections = {path: work / name for path, name in members.items()}
    for path, name in _NOTO_FILES.items():
        _write_face(collections[path], work / name)
        _place(work / name, directory)


def install(directory: Path) -> None:
    """Make sure every font file stands in ``directory``; ``CannotInstall`` with advice where it cannot."""
    directory.mkdir(parents=True, exist_ok=True)
    for files, step in ((_FANDOL_FILES, _install_fandol), (_NOTO_FILES, _install_noto)):
        if not all((directory / name).exists() for name in files.values()):
            with tempfile.TemporaryDirectory(prefix="miaopu-fonts-") as work:
                step(directory, Path(work))


def main(arguments: list[str]) -> int:
    root = Path(__file__).resolve().parents[2]
    directory = (
        Path(arguments[0]) if arguments else Path(os.environ.get("MIAOPU_VAR", root / "var")) / "fonts"
    )
    try:
        install(directory)
    except CannotInstall as error:
        _say(f"fonts: {error}")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
