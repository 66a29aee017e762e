"""Runs the fake as a process of its own: `python -m tests.fake_telegram --port 8081`."""

import argparse
import asyncio
import contextlib

from .server import FakeTelegram


async def _serve(options: argparse.Namespace) -> None:
    telegram = FakeTelegram(
        options.token, port=options.port, strict=options.strict, latency=options.latency
    )
    async with telegram:
        print(telegram.base_url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Read the options and serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one and prints it")
    parser.add_argument("--token", default="123456:TEST")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds added to every call")
    parser.add_argument("--strict", action="store_true", help="keep a log and note problems")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
