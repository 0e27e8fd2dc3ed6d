"""Which libraries and programs must come from the operating system, and are they there?

Run by `make setup` before anything else is installed, so only the standard library is used. What is missing comes by
apt-get where that is possible; else one line says what to install.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """One thing looked for: a shared library or a program, and the Debian package that brings it."""

    package: str
    library: str = ""
    program: str = ""
    variable: str = ""
    only_for_tests: bool = False

    def is_met(self) -> bool:
        """Whether it can be loaded or run; a program also under the path that its environment variable gives."""
        if self.library:
            return _loads(self.library)
        return any(shutil.which(name) for name in (os.environ.get(self.variable, ""), self.program) if name)


NEEDS = (
    Need("libpango-1.0-0", library="libpango-1.0.so.0"),
    Need("libpangoft2-1.0-0", library="libpangoft2-1.0.so.0"),
    Need("libharfbuzz-subset0", library="libharfbuzz-subset.so.0"),
    Need("chromium", program="chromium", variable="CHROMIUM", only_for_tests=True),
    Need("hledger", program="hledger", only_for_tests=True),
    Need("redis-server", program="redis-server", only_for_tests=True),
    Need("poppler-utils", program="pdftotext", only_for_tests=True),
    Need("qpdf", program="qpdf", only_for_tests=True),
)


def main() -> int:
    """0 when the product can run; 1 when a library that it needs is missing, or, in CI, anything."""
    missing = [need for need in NEEDS if not need.is_met()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        _install([need.package for need in missing])
        missing = [need for need in missing if not need.is_met()]
    if not missing:
        return 0
    in_ci = os.environ.get("CI", "").lower() not in {"", "0", "false"}
    fatal = in_ci or any(not need.only_for_tests for need in missing)
    packages = " ".join(need.package for need in missing)
    meant = "Missing" if fatal else "Tests that need them will be skipped, for want of"
    print(
        f"{meant}: {packages}. Install: sudo apt-get install {packages} (names elsewhere: docs/operating.md)",
        file=sys.stderr,
    )
    return int(fatal)


def _install(packages: list[str]) -> None:
    print(f"Installing from the system's packages: {' '.join(packages)}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for line in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *line], env=environment, check=False, stdout=subprocess.DEVNULL)


def _loads(library: str) -> bool:
    """By its Linux file name, else by its plain name, which is how other systems know it."""
    plain = library.removeprefix("lib").split(".so", 1)[0]
    try:
        ctypes.CDLL(library)
    except OSError:
        return ctypes.util.find_library(plain) is not None
    return True


if __name__ == "__main__":
    sys.exit(main())
