"""Builds the front end: every entry point bundled and minified, its content's hash in its name, and compressed.

`static/dist/manifest.json` tells the application which file is which. Run by `make setup`; needs `npm ci` before it.
"""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import brotli

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "static"
DIST = STATIC / "dist"
ENTRIES = ("js/public.js", "js/staff.js", "js/designer.js", "css/public.css", "css/staff.css")


def main() -> None:
    """Build into an empty folder, then compress what came out."""
    shutil.rmtree(DIST, ignore_errors=True)
    esbuild = ROOT / "node_modules" / ".bin" / "esbuild"
    meta = DIST.parent / ".meta.json"
    command = [str(esbuild), *(str(STATIC / entry) for entry in ENTRIES), "--bundle", "--minify", "--format=esm"]
    command += ["--target=es2022,chrome120,firefox120,safari17", f"--outdir={DIST}", f"--outbase={STATIC}"]
    command += ["--entry-names=[name]-[hash]", f"--metafile={meta}", "--log-level=warning", "--legal-comments=none"]
    if subprocess.run(command, check=False, cwd=ROOT).returncode:
        sys.exit("the front end could not be built")
    outputs = json.loads(meta.read_text("utf-8"))["outputs"]
    meta.unlink()
    manifest = {}
    for name, output in outputs.items():
        entry = Path(output["entryPoint"]).relative_to("static").as_posix()
        path = ROOT / name
        manifest[entry] = path.name
        content = path.read_bytes()
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))
        path.with_name(path.name + ".br").write_bytes(brotli.compress(content))
        print(
            f"{entry:18} {len(content):7} bytes, {len(gzip.compress(content, 9)):6} gzip, {len(brotli.compress(content)):6} br"
        )
    (DIST / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
