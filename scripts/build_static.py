"""Builds the front end: every entry point bundled and minified, its content's hash in its name, and compressed.

`static/dist/manifest.json` tells the application which file is which. Run by `make setup`; needs `npm ci` before it, but
no Node: esbuild is a program of its own.
"""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
DIST = STATIC / "dist"
ENTRIES = ("js/public.js", "js/staff.js", "js/designer.js", "css/public.css", "css/staff.css")
OPTIONS = ("--bundle", "--minify", "--format=esm", "--target=es2022,chrome120,firefox120,safari17")


def main() -> None:
    """Build beside what is served, and put it in place when it is whole."""
    with tempfile.TemporaryDirectory(dir=DIST.parent, prefix=".build-") as name:
        fresh = Path(name) / "dist"
        manifest = bundle(fresh, Path(name) / "meta.json")
        for entry, built in manifest.items():
            print(f"{entry:18} {compress(fresh / built)}")
        (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", "utf-8")
        if DIST.exists():
            DIST.rename(Path(name) / "old")
        fresh.rename(DIST)


def bundle(folder: Path, meta: Path) -> dict[str, str]:
    """One file for each entry point, and which is which."""
    command = [str(esbuild()), *(str(STATIC / entry) for entry in ENTRIES), *OPTIONS, f"--outbase={STATIC}"]
    command += [f"--outdir={folder}", "--entry-names=[name]-[hash]", f"--metafile={meta}"]
    command += ["--log-level=warning", "--legal-comments=none"]
    if subprocess.run(command, check=False, cwd=ROOT).returncode:
        sys.exit("the front end could not be built")
    outputs = json.loads(meta.read_text("utf-8"))["outputs"]
    return {
        Path(made["entryPoint"]).relative_to("static").as_posix(): Path(name).name for name, made in outputs.items()
    }


def esbuild() -> Path:
    """The program itself; the script in `.bin` would need Node to start it."""
    found = shutil.which("esbuild", path=":".join(map(str, (ROOT / "node_modules" / "@esbuild").glob("*/bin"))))
    if not found:
        sys.exit("esbuild is not installed: run `make setup`")
    return Path(found)


def compress(path: Path) -> str:
    """Write the `.gz` and the `.br` beside a file, and say what was won."""
    content = path.read_bytes()
    small, smaller = gzip.compress(content, 9, mtime=0), brotli.compress(content)
    path.with_name(path.name + ".gz").write_bytes(small)
    path.with_name(path.name + ".br").write_bytes(smaller)
    return f"{len(content):7} bytes, {len(small):6} gzip, {len(smaller):6} br"


if __name__ == "__main__":
    main()
