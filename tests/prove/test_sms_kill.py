"""No SMS is passed to a provider twice, killed at any moment."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from penstock.core.inboxes.models import Direction, Status
from tests.support.inboxes import open_inboxes
from tests.support.sms_kills import GIVEN, NUMBERS

COUNT, KILLS = 300, 25


def begun(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.support.sms_kills", str(folder), str(COUNT)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == "ready":
            return process
    raise AssertionError("the program did not begin")


@pytest.mark.prove
async def test_no_sms_is_sent_twice(tmp_path: Path) -> None:
    chance = random.Random(20_260_502)
    for _ in range(KILLS):
        process = begun(tmp_path)
        time.sleep(chance.random() / 5)
        process.kill()
        process.communicate()
    process = begun(tmp_path)
    process.communicate(timeout=300)
    given = [line.split() for line in (tmp_path / GIVEN).read_text().splitlines()]
    assert Counter(message_id for message_id, _ in given).most_common(1)[0][1] == 1
    for at in range(len(NUMBERS)):
        of_number = [int(text) for _, text in given if int(text) % len(NUMBERS) == at]
        assert of_number == sorted(of_number)
    async with open_inboxes(tmp_path) as site:
        states = Counter(one.message.status for one in await site.messages(direction=Direction.OUTBOUND))
    assert states.keys() <= {Status.SENT, Status.UNKNOWN}
    assert states[Status.SENT] <= len(given)
    assert sum(states.values()) == COUNT
    assert states[Status.UNKNOWN] <= KILLS * len(NUMBERS)
