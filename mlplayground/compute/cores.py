"""How many processor cores this process may really use."""

from __future__ import annotations

import os
from pathlib import Path


def available_cores(cpu_max: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """Return the cores of the machine, or the container's share of them; at least 1."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        cores = os.cpu_count() or 1
    try:
        quota, period = cpu_max.read_text().split()
        cores = min(cores, round(int(quota) / int(period)))
    except (OSError, ValueError):  # no limit ("max"), or no such file
        pass
    return max(1, cores)
