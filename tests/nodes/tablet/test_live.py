"""Live parts of pages: made once for all who read the same, each device with its own token, ending with its session."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.requests import Request

from culture_profiles.errors import KithError
from nodes.tablet.roles import Role
from nodes.tablet.site import now
from nodes.tablet.site.site import Site
from nodes.tablet.site.visit import Visit
from tests.nodes.tablet.homes import Device, TestHome, call


def _visit(tablet: TestHome, device: Device) -> Visit:
    token = device.client.cookies["__Host-kith"]
    session = tablet.site.sessions.find(token, tablet.home.at, used=False)
    assert session is not None
    cookie = [(b"cookie", f"__Host-kith={token}".encode())]
    request = Request({"type": "http", "method": "GET", "path": "/now/live", "headers": cookie, "query_string": b""})
    return Visit(tablet.site, request, session, "")


async def _opened(visit: Visit) -> AsyncIterator[str]:
    answer: Any = await now.live(visit)
    return aiter(answer.body_iterator)


async def _next(events: AsyncIterator[str]) -> str:
    async with asyncio.timeout(20):
        while (event := await anext(events)).startswith(":"):
            pass
    return event


def test_two_devices_of_one_role_share_what_is_made_and_not_their_tokens(
    tablet: TestHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices = [tablet.signed_in(Role.CARER, name) for name in ("Cora Dean", "Ben Shaw")]
    senior = tablet.signed_in(Role.SENIOR_CARER, "Mary Low")
    made: list[str] = []
    render = Site.render

    def counted(site: Site, template: str, **values: Any) -> str:
        made.append(template)
        return render(site, template, **values)

    monkeypatch.setattr(Site, "render", counted)

    async def run() -> None:
        tablet.home.listed = [call("c1")]
        streams = [await _opened(_visit(tablet, each)) for each in devices]
        first = [await _next(each) for each in streams]
        assert made == ["now_live"]
        for device, other, shown in zip(devices, reversed(devices), first, strict=True):
            assert device.form_token in shown and other.form_token not in shown
            assert 'data-alert="c1"' in shown and "token-" not in shown
            assert device.person.name not in shown
        third = await _opened(_visit(tablet, senior))
        assert senior.form_token in await _next(third)
        assert made == ["now_live"] * 2
        tablet.home.listed = [call("c1"), call("c2")]
        for each in [*streams, third]:
            assert 'data-alert="c2"' in await _next(each)
        for each in [*streams, third]:
            await each.aclose()  # type: ignore[attr-defined]
        assert tablet.site.feeds == {}

    asyncio.run(run())
    rows = tablet.records.call(lambda: tablet.site.audit.newest(20, "hanna", what="read calls"))
    assert sorted(row.who for row in rows) == sorted(each.person.id for each in [*devices, senior])


def test_a_device_that_locks_gets_nothing_more_and_the_other_goes_on(tablet: TestHome) -> None:
    first, second = (tablet.signed_in(Role.CARER, name) for name in ("Anna Price", "Ben Shaw"))

    async def run() -> None:
        streams = [await _opened(_visit(tablet, each)) for each in (first, second)]
        for each in streams:
            await _next(each)
        first.client.post("/lock", data={"form_token": first.form_token})
        tablet.home.listed = [call("c3")]
        assert await _next(streams[0]) == "event: locked\ndata: \n\n"
        with pytest.raises(StopAsyncIteration):
            await anext(streams[0])
        assert 'data-alert="c3"' in await _next(streams[1])
        tablet.home.at += timedelta(hours=13)
        assert await _next(streams[1]) == "event: locked\ndata: \n\n"

    asyncio.run(run())


def test_a_call_is_on_the_screen_whatever_else_is_slow(tablet: TestHome, monkeypatch: pytest.MonkeyPatch) -> None:
    device = tablet.signed_in(Role.CARER)
    silent = asyncio.Event()

    async def slow(*_: object) -> None:
        silent.set()
        await asyncio.Event().wait()

    async def run() -> None:
        events = await _opened(_visit(tablet, device))
        await _next(events)
        monkeypatch.setattr(tablet.home, "occurrences", slow)
        async with asyncio.timeout(20):
            await silent.wait()
        tablet.home.listed = [call("c7")]
        assert 'data-alert="c7"' in await _next(events)
        await events.aclose()  # type: ignore[attr-defined]

    asyncio.run(run())


def test_without_an_answer_of_the_home_the_connection_ends(tablet: TestHome, monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser then says that the page may be out of date, and asks again."""
    device = tablet.signed_in(Role.CARER)

    async def refused(*_: object) -> None:
        raise KithError("The home's reminders do not answer.")

    monkeypatch.setattr(tablet.home, "occurrences", refused)

    async def run() -> None:
        events = await _opened(_visit(tablet, device))
        with pytest.raises(StopAsyncIteration):
            await _next(events)

    asyncio.run(run())
