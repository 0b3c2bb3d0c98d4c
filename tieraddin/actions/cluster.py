"""Work done on a Dask cluster. The library is imported only here, and only when a cluster is asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from tieraddin.errors import TieraddinError, UsageError

if TYPE_CHECKING:
    from distributed import Client

Item = TypeVar("Item")
Result = TypeVar("Result")

SECONDS_TO_ANSWER = 20
SECONDS_WITHOUT_WORKERS = 300
"""How long nothing may get ready before it is asked whether there are workers; a cluster that grows needs some time."""


def map_on(
    address: str,
    function: Callable[[Item], Result],
    items: Iterable[Item],
    given_up: Callable[[Item], Result] | None = None,
) -> Iterator[Result]:
    """``function`` of each item, worked out by the cluster's workers; results come as they get ready, in any order.

    Parameters
    ----------
    address
        the scheduler's, such as ``tcp://10.0.0.5:8786``.
    function
        one that can be pickled. It is called again for an item whose worker was lost, so it must do no harm twice.
    given_up
        the result for an item with which one worker after the other was lost (default: that is an error).

    Raises
    ------
    UsageError
        the cluster's library is not installed, or nobody answers at the address.
    TieraddinError
        an item was given up, the scheduler or all workers are gone, the workers have not this program; or what
        ``function`` raises.
    """
    with _client(address) as client:
        from distributed import KilledWorker, as_completed

        items = list(items)
        futures = client.map(function, items, pure=False)
        pending = dict(zip(futures, items, strict=True))
        del futures
        while pending:
            done: Any = as_completed(  # type: ignore[no-untyped-call]
                [*pending],
                loop=client.loop,
                with_results=True,
                raise_errors=False,
                timeout=SECONDS_WITHOUT_WORKERS,
            )
            try:
                for future, result in done:
                    item = pending.pop(future)
                    if future.status == "finished":
                        yield result
                    elif future.status != "error":
                        raise TieraddinError("scale.scheduler_gone", address=address)
                    elif isinstance(result[1], KilledWorker) and given_up is not None:
                        yield given_up(item)
                    else:
                        raise _told(result[1], address)
            except TimeoutError:
                if not client.scheduler_info()["workers"]:
                    raise TieraddinError("scale.no_workers", address=address) from None


def _told(fault: Exception, address: str) -> Exception:
    """What a person is told of a fault of the workers; that of the function itself stays."""
    from distributed import KilledWorker

    if isinstance(fault, KilledWorker):
        return TieraddinError("scale.workers_lost", address=address, detail=fault.task)
    if isinstance(fault, ImportError):
        return TieraddinError("scale.worker_unfit", address=address, detail=fault)
    return fault


def check_cluster(address: str) -> None:
    """Refuse (UsageError) an address at which no scheduler answers, and a program without the cluster's library."""
    with _client(address):
        pass


def _client(address: str) -> Client:
    try:
        from distributed import Client
        from distributed.comm.addressing import get_address_host_port
    except ImportError:
        raise UsageError("scale.no_library") from None
    for name in ("distributed", "distributed.client"):  # what it has to tell of lost connections is told in a sentence
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        get_address_host_port(address)  # a client that is made for none can't be closed
        return Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as fault:
        raise UsageError("scale.no_cluster", address=address, detail=fault) from None
