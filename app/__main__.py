"""`python3 -m app …` on a bare Python 3.11: set the environment up, then run the command in it.

Standard library only: nothing of the project's own may be imported here before the environment stands. A minimal Debian has neither
`ensurepip` nor `python3-venv`, so the environment is made without pip and filled by the pip that is there. Set `HEARSIGHT_ENV=off` to
run in the current interpreter, whatever it holds.
"""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
NEED_TEST_TOOLS = {"test", "bench", "drill", "check"}


def lock_file(command: str) -> Path:
    """The locked list of packages that a command needs."""
    return ROOT / ("requirements-dev.lock" if command in NEED_TEST_TOOLS else "requirements.lock")


def is_ready(lock: Path) -> bool:
    """Whether the environment holds what the lock names; the development lock holds all of the other."""
    wanted = {digest(lock), digest(ROOT / "requirements-dev.lock")}
    stamp = ENVIRONMENT / "installed"
    return PYTHON.exists() and stamp.exists() and stamp.read_text(encoding="ascii").strip() in wanted


def digest(lock: Path) -> str:
    """SHA-256 of a lock file, in hex."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def make_environment(lock: Path) -> None:
    """Make `.venv` and install the locked packages, each checked against its hash."""
    started = time.monotonic()
    print(f"Setting up the environment in .venv from {lock.name} (once) …", file=sys.stderr, flush=True)
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(ENVIRONMENT)], check=True)
    # The interpreter that `.venv` was made from: the one inside has no pip.
    outside = getattr(sys, "_base_executable", sys.executable)
    install = [outside, "-m", "pip", "--python", str(PYTHON), "-qq", "--disable-pip-version-check", "install"]
    subprocess.run([*install, "--require-hashes", "--requirement", str(lock)], check=True)
    (ENVIRONMENT / "installed").write_text(digest(lock) + "\n", encoding="ascii")
    print(f"Environment ready after {time.monotonic() - started:.0f} s.", file=sys.stderr, flush=True)


def main() -> None:
    """Run the command inside the environment, making the environment first where it is missing or out of date."""
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    inside = Path(sys.prefix).resolve() == ENVIRONMENT.resolve()
    lock = lock_file(command)
    if os.environ.get("HEARSIGHT_ENV") != "off" and not (inside and is_ready(lock)):
        if not is_ready(lock):
            try:
                make_environment(lock)
            except (OSError, subprocess.CalledProcessError) as fault:
                sys.exit(f"The environment could not be set up: {fault}. It needs Python 3.11 or newer with pip, and a package index.")
        os.execv(PYTHON, [str(PYTHON), "-m", "app", *sys.argv[1:]])
    from app.cli import main as run  # noqa: PLC0415 - what it imports exists only once the environment stands

    run()


if __name__ == "__main__":
    main()
