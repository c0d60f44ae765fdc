"""Puts the browser's libraries into `assets/` from their npm packages, each at one version and proved by its digest.

`make assets`. Nothing is built, and the page never asks the network for anything.
"""

import base64
import hashlib
import io
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ASSETS = Path(__file__).with_name("assets")
LICENCES = "LICENCES.txt"


@dataclass(frozen=True, kw_only=True)
class Package:
    """One npm package: `digest` is npm's own sha512 of it; `files` says which of its files becomes which of ours.

    `licence` is a file of the package, or the text itself where the package has none.
    """

    name: str
    version: str
    digest: str
    files: dict[str, str]
    licence: str
    change: Callable[[str], str] = str


def without_government(css: str) -> str:
    """GOV.UK's styles without what is the government's alone: its typeface, and the royal arms.

    What is left out would also have to be fetched from somewhere.
    """
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,", "").replace("GDS Transport", "arial")
    css = re.sub(r"[^{}]*\{[^{}]*govuk-crest[^{}]*\}", "", css)
    return re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)


GOVUK_LICENCE = """The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""

PACKAGES = (
    Package(
        name="govuk-frontend",
        version="6.6.0",
        digest="xctkWrQvLnvQt7fyjQ3MGX9S0wz0x0RQuLxCeoXF+s8EjGICG81/DYQGKN5qgO+0KVT12UAaRwUsGY6fulRcRg==",
        files={"dist/govuk/govuk-frontend.min.css": "govuk-frontend.css"},
        licence=GOVUK_LICENCE,
        change=without_government,
    ),
    Package(
        name="htmx.org",
        version="2.0.11",
        digest="Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
        files={"dist/htmx.min.js": "htmx.js"},
        licence="LICENSE",
    ),
    Package(
        name="htmx-ext-sse",
        version="2.2.4",
        digest="LJmxVhykyflBWgh5PvbRidcyuqMHlgfajmmzumvKctv9puvsufeH6OaejSMZTNTnEI8O2wXXn4ZZtBdpEMqmEQ==",
        files={"dist/sse.js": "htmx-sse.js"},
        licence="LICENSE",
    ),
)


def fetched(package: Package, folder: Path) -> bytes:
    """The package as npm gives it; SystemExit where it is not the one that was chosen."""
    subprocess.run(  # noqa: S603 - a name and a version of ours
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],  # noqa: S607 - npm is on the PATH
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    content = (folder / f"{package.name}-{package.version}.tgz").read_bytes()
    if base64.b64encode(hashlib.sha512(content).digest()).decode() != package.digest:
        sys.exit(f"{package.name} {package.version} is not the package that was chosen: nothing of it is taken.")
    return content


def text_in(content: bytes, name: str) -> str:
    """One file of a package."""
    with tarfile.open(fileobj=io.BytesIO(content)) as package:
        file = package.extractfile(f"package/{name}")
        assert file is not None
        return file.read().decode()


def main() -> None:
    """Write every asset, and the licences of all."""
    said = ["What others wrote for the built-in page, as published on npm.\n"]
    with TemporaryDirectory() as folder:
        for package in PACKAGES:
            content = fetched(package, Path(folder))
            for theirs, ours in package.files.items():
                changed = package.change(text_in(content, theirs)).rstrip() + "\n"
                (ASSETS / ours).write_text(changed, encoding="utf-8")
            licence = package.licence if "\n" in package.licence else text_in(content, package.licence)
            names = ", ".join(package.files.values())
            said.append(f"{'-' * 80}\n{package.name} {package.version} ({names})\n\n{licence.strip()}\n")
    (ASSETS / LICENCES).write_text("\n".join(said), encoding="utf-8")


if __name__ == "__main__":
    main()
