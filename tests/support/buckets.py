"""An S3 server of this machine (moto, in a process of its own), for as long as a test needs it."""

import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx2

TOOL = Path(sys.executable).parent / "moto_server"
_ADDRESS = re.compile(r"Running on (http://127\.0\.0\.1:\d+)")
ACCESS = {"AWS_ACCESS_KEY_ID": "evidence", "AWS_SECRET_ACCESS_KEY": "none of it is checked", "AWS_REGION": "us-east-1"}
"""What every S3 client takes from its environment."""


@contextmanager
def an_s3_server():
    """The address of a server that holds nothing yet."""
    with subprocess.Popen([TOOL, "-H", "127.0.0.1", "-p", "0"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as running:
        try:
            yield next(found.group(1) for line in running.stderr if (found := _ADDRESS.search(line)))
        finally:
            running.kill()


def make_bucket(endpoint, name):
    assert httpx2.put(f"{endpoint}/{name}").status_code == 200
