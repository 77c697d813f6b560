"""Whether a commit's protocol runs on an event loop: generators until 2025-12-01, coroutines since."""

import asyncio
import inspect


def event_loop() -> asyncio.AbstractEventLoop | None:
    """A new event loop for a commit whose ``Protocol.read_message`` is a coroutine; None for one of the generator era.

    (For two weeks before, a coroutine stood beside the generator under another name.) Who asks for it closes it.
    """
    from exabgp.reactor.protocol import Protocol

    return asyncio.new_event_loop() if inspect.iscoroutinefunction(Protocol.read_message) else None
