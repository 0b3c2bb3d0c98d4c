"""Work done on a Dask cluster. The library is imported only here, and only when a cluster is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from tieraddin.errors import TieraddinError, UsageError

if TYPE_CHECKING:
    from distributed import Client

Item = TypeVar("Item")
Result = TypeVar("Result")

SECONDS_TO_ANSWER = 20


def map_on(address: str, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """``function`` of each item, worked out by the cluster's workers; results come as they get ready, in any order.

    Parameters
    ----------
    address
        the scheduler's, such as ``tcp://10.0.0.5:8786``.
    function
        one that can be pickled. It is called again for an item whose worker was lost, so it must do no harm twice.

    Raises
    ------
    UsageError
        the cluster's library is not installed, or nobody answers at the address.
    TieraddinError
        an item was given up, since one worker after the other was lost with it; or what ``function`` raises.
    """
    with _client(address) as client:
        from distributed import KilledWorker, as_completed

        try:
            done = as_completed(  # type: ignore[no-untyped-call]
                client.map(function, list(items), pure=False), loop=client.loop, with_results=True
            )
            for _, result in done:
                yield result
        except KilledWorker as fault:
            raise TieraddinError("scale.workers_lost", address=address, detail=fault.task) from None


def _client(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("scale.no_library") from None
    try:
        return Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as fault:
        raise UsageError("scale.no_cluster", address=address, detail=fault) from None
