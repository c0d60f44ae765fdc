"""Making an administrator at the command line: how an authority gets its first."""

from handlers.office import Scene
from handlers.people.line import id_of
from handlers.people.renaming import is_address
from handlers.refusals import Refused
from storage import history, people
from storage.people import Person, PersonRole

ADMIN = "admin"


def make_admin(scene: Scene, email: str, *, new: bool) -> str:
    """Make someone an administrator from today; returns what was done.

    A person who is not on the staff list is added only where they are said to be `new`: a slip in the address would
    otherwise make an administrator of nobody, or of a stranger.
    """
    address = email.strip().lower()
    if not is_address(address):
        raise Refused(f"{email} is no e-mail address: give one like name@authority.gov.uk.")
    person = people.by_email(scene.session, address)
    if person is None and not new:
        raise Refused(f"Nobody here has the address {address}: check it, or add --new for somebody not known yet.")
    person = person or _created(scene, address)
    ident = id_of(person)
    if person.has_left(scene.today):
        raise Refused(f"{address} left on {person.last_day}: import the staff with their return first.")
    if ADMIN in people.roles_on(scene.session, ident, scene.today):
        return f"{address} is an administrator already."
    scene.session.add(PersonRole(person_id=ident, role=ADMIN, from_on=scene.today))
    history.record(
        scene.session,
        chain=f"person:{ident}",
        at=scene.now,
        actor_id=None,
        what="made administrator",
        details={"person": ident, "where": "command line"},
    )
    return f"{address} is now an administrator."


def _created(scene: Scene, address: str) -> Person:
    person = Person(email=address, name=address.partition("@")[0].replace(".", " ").title())
    scene.session.add(person)
    scene.session.flush()
    return person
