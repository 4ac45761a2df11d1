"""Builds what is shipped: the program folder dist/soansinh, and on Debian a .deb of it.

The folder goes to /opt/soansinh whole; only the command, the menu entry and the icon lie elsewhere.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGING, DIST, BUILD = ROOT / "packaging", ROOT / "dist", ROOT / "build"
FOLDER = DIST / "soansinh"
VERSION = metadata.version("soansinh")
CONTROL = """\
Package: soansinh
Version: {version}
Architecture: {architecture}
Maintainer: Sổ An Sinh <soansinh@example.invalid>
Installed-Size: {kibibytes}
Depends: {depends}
Recommends: {recommends}
Section: database
Priority: optional
Description: social-protection register of a Vietnamese commune
 Keeps beneficiaries, their accounts and the commune's changes encrypted on the
 officer's own laptop, works without a link, and exchanges signed changes with
 the central register when there is one.
"""


def freeze() -> None:
    """Make dist/soansinh anew."""
    draw_icon(BUILD / "soansinh.ico")
    places = ("--distpath", str(DIST), "--workpath", str(BUILD))
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *places]
    subprocess.run([*command, str(PACKAGING / "soansinh.spec")], cwd=ROOT, check=True)
    if sys.platform == "linux":
        strip()


def strip() -> None:
    """Leave debuggers' symbols out: 70 MB. Not from libraries whose wheels rewrote their ELF headers."""
    inside = FOLDER / "_internal"
    modules = [file for file in inside.rglob("*.so") if not {"PySide6", "shiboken6"} & set(file.parts)]
    subprocess.run(["strip", "--strip-unneeded", *modules, *inside.glob("libpython*")], check=True)


def draw_icon(target: Path) -> None:
    """Windows wants the icon as pixels."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication, QIcon

    target.parent.mkdir(exist_ok=True)
    QGuiApplication([])
    QIcon(str(ROOT / "resources" / "icons" / "soansinh.svg")).pixmap(256, 256).save(str(target))


def needed() -> list[str]:
    """The Debian packages that the window needs, from the list that `make run` reads too."""
    return ["libc6 (>= 2.34)", *named("window")]


def named(kind: str) -> list[str]:
    """The Debian packages listed for one purpose."""
    lines = (PACKAGING / "debian-packages.txt").read_text("utf-8").splitlines()
    listed = [line.removeprefix(f"{kind}: ").split() for line in lines if line.startswith(f"{kind}: ")]
    return [package for packages in listed for package in packages]


def lay_out(tree: Path) -> None:
    """What the package puts where."""
    for folder in ("opt", "usr/bin", "usr/share/applications", "usr/share/icons/hicolor/scalable/apps"):
        (tree / folder).mkdir(parents=True)
    shutil.copytree(FOLDER, tree / "opt/soansinh", symlinks=True)
    (tree / "usr/bin/soansinh").symlink_to("/opt/soansinh/soansinh")
    shutil.copy(PACKAGING / "soansinh.desktop", tree / "usr/share/applications")
    shutil.copy(ROOT / "resources/icons/soansinh.svg", tree / "usr/share/icons/hicolor/scalable/apps")
    documents = tree / "usr/share/doc/soansinh"
    documents.mkdir(parents=True)
    shutil.copy(ROOT / "README.md", documents)
    shutil.copy(ROOT / "CHANGELOG.md", documents)


def pack() -> Path:
    """dist/soansinh_<version>_<architecture>.deb."""
    asked = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    architecture = asked.stdout.strip()
    tree = BUILD / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    lay_out(tree)
    size = sum(file.lstat().st_size for file in tree.rglob("*")) // 1024
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN/control").write_text(
        CONTROL.format(
            version=VERSION,
            architecture=architecture,
            kibibytes=size,
            depends=", ".join(needed()),
            recommends=", ".join(named("camera")),
        ),
        "utf-8",
    )
    package = DIST / f"soansinh_{VERSION}_{architecture}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", tree, package], check=True)
    shutil.rmtree(tree)
    return package


def main() -> int:
    """Freeze, and pack where dpkg is."""
    freeze()
    made = [FOLDER, *([pack()] if shutil.which("dpkg-deb") else [])]
    sys.stdout.writelines(f"built {path.relative_to(ROOT)}\n" for path in made)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
