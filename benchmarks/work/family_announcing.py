"""Routes of any address family that an API process announces, on their way to the peer."""

from collections.abc import Sequence

from benchmarks.exabgp_compat.announcer import require_command
from benchmarks.exabgp_compat.any_family import require_family
from benchmarks.wire import AttributeCode, Session
from benchmarks.wire.families import FAMILIES
from benchmarks.wire.families.commands import COMMANDS
from benchmarks.wire.families.written import attributes_of, comparable, octets_of, routes_in_update
from benchmarks.work.announcing import Announcing, Commands
from benchmarks.work.proof import WrongResultError


def announcing_family(name: str, routes: int) -> Announcing:
    """Routes of a family are announced, each by a command of its own, to a peer that was told of none.

    Raises NotImplementedError where the commit does not know the family, or has no command for its routes.
    """
    family = FAMILIES[name]
    lines = [COMMANDS[name](index) for index in range(routes)]
    session = Session(families=(family.family,))
    require_family(family.family)
    require_command(lines[0])
    try:
        return Announcing(
            session, Commands(lines, routes), lambda written: prove_written(written, name, routes)
        ).prove()
    except ValueError as error:
        raise WrongResultError(str(error)) from error


def prove_written(written: Sequence[bytes], name: str, routes: int) -> None:
    """Raise WrongResultError unless the UPDATEs announce the first routes of the family, each once, none besides."""
    family = FAMILIES[name]
    expected = [family.route(index).octets for index in range(routes)]
    attributes = octets_of(family.attributes(0))
    for number, message in enumerate(written):
        found = comparable(attributes_of(message))
        if AttributeCode.MP_REACH_NLRI not in found:
            raise WrongResultError(f"UPDATE {number} announces no route of family {family.family}: {message.hex()}")
        of_family, hop, nlris = routes_in_update(found[AttributeCode.MP_REACH_NLRI])
        for what, has, asked in (
            ("is of family", of_family, family.family),
            ("has next hop", hop, family.next_hop or ""),
            ("has attributes", found, found | attributes),
        ):
            if has != asked:
                raise WrongResultError(f"UPDATE {number} {what} {has}, the commands ask for {asked}")
        while nlris:
            known = next((octets for octets in expected if nlris.startswith(octets)), None)
            if known is None:
                raise WrongResultError(
                    f"UPDATE {number} has {nlris.hex()}, which no command is about or which was told"
                )
            expected.remove(known)
            nlris = nlris.removeprefix(known)
    if expected:
        raise WrongResultError(f"{len(expected)} of {routes} routes are in no UPDATE, among them {expected[0].hex()}")
