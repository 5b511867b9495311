"""Mail that waits is sent once it can be, with pauses that grow, until it is of no use any more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from penstock.adapters.sealing import SealedBox
from penstock.core.people.errors import MailFailed
from penstock.core.people.mail import RETRIES, MailComposer
from penstock.core.people.models import Enclosure, MailFile, MailOutcome, Message
from penstock.kit.errors import Unavailable
from penstock.kit.ids import IdSource, OrgId
from penstock.kit.secret import Pepper
from penstock.workers.people import TIDY_S, MailWorker, PeopleWorker
from tests.core.people.house import House, open_house
from tests.support.days import HeldClock


class Server:
    """A mail server that takes nothing, as long as it is down."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.files: list[MailFile] = []
        self.down = False

    async def send(self, message: Message, files: Sequence[MailFile] = ()) -> None:
        if self.down:
            raise MailFailed(reason="down")
        self.taken.append(message.subject)
        self.files += files


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


def worker_of(house: House, server: Server) -> MailWorker:
    return MailWorker(database=house.control.database, post=house.people.post, mailer=server, clock=house.clock)


async def tell(house: House, subject: str, expires_us: int = 2**60) -> None:
    async with house.control.database.transaction(house.acme) as tx:
        await house.people.post.notify(tx, house.acme, "ada@example.org", subject, "x", expires_us)


async def test_a_mail_is_tried_again_after_each_pause_and_sent_once(house: House) -> None:
    server = Server()
    server.down, worker = True, worker_of(house, server)
    await tell(house, "frost")
    for attempt in (1, 2):
        await worker.step()
        house.clock.us += RETRIES.pause_us(attempt) - 1
        server.down = False
        await worker.step()
        assert server.taken == [], "it is not due yet"
        server.down = attempt == 1
        house.clock.us += 1
    for _ in range(2):
        await worker.step()
    assert server.taken == ["frost"]
    assert await house.mails() == []


@pytest.mark.parametrize(("late_us", "sent"), [(-1, ["frost"]), (0, [])])
async def test_a_mail_that_is_of_no_use_any_more_is_dropped(late_us: int, sent: list[str], house: House) -> None:
    server = Server()
    await tell(house, "frost", house.clock.us + 100)
    house.clock.us += 100 + late_us
    await worker_of(house, server).step()
    assert server.taken == sent
    assert await house.mails() == []


async def test_a_mail_that_cannot_be_opened_holds_up_no_other(house: House) -> None:
    server = Server()
    stranger = SealedBox(Pepper(b"s" * 32))
    post = MailComposer(box=stranger, ids=IdSource(house.clock.now_us), clock=house.clock, app_url="")
    async with house.control.database.transaction(house.acme) as tx:
        await post.notify(tx, house.acme, "ada@example.org", "sealed elsewhere", "x", 2**60)
    house.clock.us += 1
    await tell(house, "frost")
    await worker_of(house, server).step()
    assert server.taken == ["frost"]
    async with house.control.database.system_snapshot() as tx:
        assert await tx.mail.due(2**60, 10) == []


async def test_it_is_tidied_at_the_start_and_then_now_and_then() -> None:
    clock, did = HeldClock(), list[str]()

    def noting(name: str) -> SimpleNamespace:
        async def note(*_: object) -> None:
            did.append(name)

        return SimpleNamespace(write=note, mail_forgotten=note, renew=note, drop_ended=note)

    worker = PeopleWorker(
        attempts=noting("attempts"),  # type: ignore[arg-type]
        passwords=noting("passwords"),  # type: ignore[arg-type]
        sessions=noting("sessions"),  # type: ignore[arg-type]
        keys=noting("keys"),  # type: ignore[arg-type]
        settled=clock,
    )
    for wait_s, names in ((0.0, ["keys", "sessions"]), (TIDY_S, []), (0.1, ["keys", "sessions"])):
        clock.s += wait_s
        did.clear()
        await worker.step()
        assert did == [*names, "attempts", "passwords"]


class Bills:
    """Makes a file for every id but one, and notes what became of the mails."""

    UNKNOWN = 9

    def __init__(self) -> None:
        self.outcomes: list[tuple[int, str, bool]] = []

    async def files(self, org_id: OrgId, enclosure: Enclosure) -> list[MailFile]:
        if enclosure.number == self.UNKNOWN:
            raise Unavailable(reason="no bill")
        return [MailFile(name=f"{enclosure.number}.pdf", media_type="application/pdf", content=b"%PDF")]

    async def record(self, org_id: OrgId, enclosure: Enclosure, outcome: MailOutcome) -> None:
        self.outcomes.append((enclosure.number, outcome.error, outcome.final))


async def test_files_are_made_when_a_mail_is_sent_and_each_attempt_is_recorded(house: House) -> None:
    server, bills = Server(), Bills()
    worker = MailWorker(
        database=house.control.database, post=house.people.post, mailer=server, clock=house.clock, enclosures={"bill": bills}
    )
    async with house.control.database.transaction(house.acme) as tx:
        for number in (7, Bills.UNKNOWN):
            await house.people.post.enclose(
                tx, house.acme, "a@b.example", ("Bill", "x"), Enclosure(kind="bill", number=number), reply_to="", expires_us=2**60
            )
    server.down = True
    await worker.step()
    server.down = False
    house.clock.us += RETRIES.pause_us(1)
    await worker.step()
    assert [(file.name, file.content) for file in server.files] == [("7.pdf", b"%PDF")]
    assert bills.outcomes == [(7, "the mail server did not accept the mail: down", False), (9, "no bill", True), (7, "", True)]
    assert await house.mails() == []
