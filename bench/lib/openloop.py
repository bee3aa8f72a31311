"""Webhooks at a fixed rate, whatever the answers do: a slow answer holds up no later request.

Each request is timed from the moment at which it was due, so that waiting in the client counts as well.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """How it went. Milliseconds."""

    asked: int
    accepted: int
    p50: float
    p99: float
    worst: float
    per_second: float  #: accepted


def drive(port: int, secret: bytes, texts: Sequence[str], rate: float, seconds: float, tag: str) -> Load:
    """Send `rate` webhooks a second for so long."""
    return asyncio.run(_drive(port, secret, texts, rate, seconds, tag))


async def _drive(port: int, secret: bytes, texts: Sequence[str], rate: float, seconds: float, tag: str) -> Load:
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    taken: list[float] = []
    good = 0
    start = time.perf_counter() + 0.5
    total = int(rate * seconds)

    async def one(number: int) -> None:
        nonlocal good
        due = start + number / rate
        raw = _request(secret, f"{tag}-{number}", texts[number % len(texts)], number)
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        status = await _post(port, raw, idle)
        taken.append(1000 * (time.perf_counter() - due))
        good += status in (200, 201, 202)

    await asyncio.gather(*(one(number) for number in range(total)))
    took = time.perf_counter() - start
    for _, writer in idle:
        writer.close()
    taken.sort()
    return Load(total, good, _at(taken, 0.5), _at(taken, 0.99), taken[-1], good / took)


async def _post(port: int, raw: bytes, idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]) -> int:
    """The status; 0 if there was none."""
    try:
        reader, writer = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", port)
        writer.write(raw)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
        )
        await reader.readexactly(length)
    except (OSError, EOFError, TimeoutError, StopIteration):
        return 0
    idle.append((reader, writer))
    return int(head.split(b" ", 2)[1])


def _request(secret: bytes, name: str, text: str, number: int) -> bytes:
    body = json.dumps({"from": f"Ana <c{number}@casa{number}.example>", "subject": "Hola", "text": text}).encode()
    now = str(int(time.time()))
    code = hmac.digest(secret, b".".join((name.encode(), now.encode(), body)), hashlib.sha256)
    head = (
        "POST /v1/requests HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nwebhook-id: {name}\r\nwebhook-timestamp: {now}\r\n"
        f"webhook-signature: v1,{base64.b64encode(code).decode()}\r\n\r\n"
    )
    return head.encode() + body


def _at(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))]
