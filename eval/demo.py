"""`make demo`: the sample archive in a home inside the clone, and a service on it."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from searchsvc.home import owner_url

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(".demo")
FILES = Path("eval/archive/files")
REGISTER = Path("eval/archive/sources/register.yaml")
TRY = (
    'search "does text messaging help women keep using the ring"',
    'search "how is an implant taken out" --kind presentation',
    "ingest status --failed",
)


def main() -> int:
    """0 when the archive is ready (and the service has ended); otherwise what the failing command returned."""
    parser = argparse.ArgumentParser(prog="make demo ARGS=...", description=__doc__)
    parser.add_argument("--no-serve", action="store_true", help="stop after ingesting")
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("SEARCHSVC_PORT") or 8000), help="of the service"
    )
    given = parser.parse_args()
    command = [str(Path(sys.executable).with_name("searchsvc")), "--home", str(HOME)]
    shown = f"{_relative(command[0])} --home {HOME}"

    print(
        f"Taking the sample archive ({FILES}) into {HOME}. Its people, products and results are invented.", flush=True
    )
    for arguments in (["register", "import", str(REGISTER)], ["ingest", "add", str(FILES), "--source", "sample"]):
        code = subprocess.run([*command, *arguments], cwd=ROOT).returncode
        if code:
            return code
    print("\nThree commands to try (in another terminal while the service runs, or afterwards):")
    for one in TRY:
        print(f"  {shown} {one}")
    if given.no_serve:
        print(f"\nStart the service with:\n  {shown} serve")
        return 0
    if url := owner_url(ROOT / HOME):
        print(f"\nThe service runs already: {url}/")
        return 0
    print(f"\nStarting the service. The search page is http://127.0.0.1:{given.port}/,")
    print(f"the API is http://127.0.0.1:{given.port}/docs. Ctrl-C ends it.", flush=True)
    try:
        return subprocess.run([*command, "serve", "--port", str(given.port)], cwd=ROOT).returncode
    except KeyboardInterrupt:
        return 0


def _relative(path: str) -> str:
    try:
        return str(Path(path).relative_to(ROOT))
    except ValueError:
        return path


if __name__ == "__main__":
    sys.exit(main())
