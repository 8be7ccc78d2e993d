"""Commands of other tools that tests carry out."""

import subprocess


def carry_out(folder, *command):
    """What a command prints; its own words where it fails."""
    found = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout
