"""A child's IRO is independent of whoever holds the case."""

from handlers.people.independence import check, find_conflicts
from tests.handlers.people.cast import Cast
from tests.terms_left import as_read


def test_an_iro_apart_from_the_line_is_independent(cast: Cast) -> None:
    assert check(cast.session, cast.worker.id, cast.iro.id) is None
    assert find_conflicts(cast.session) == []


def test_the_holder_cannot_be_the_iro(cast: Cast) -> None:
    sentence = check(cast.session, cast.iro.id, cast.iro.id)
    assert as_read(sentence) == "Ivy Iro holds this case, so Ivy Iro cannot be the child's IRO."


def test_a_manager_of_the_holder_cannot_be_the_iro(cast: Cast) -> None:
    sentence = check(cast.session, cast.worker.id, cast.assistant.id)
    assert sentence is not None
    assert sentence.startswith("Alan Assistant manages Wendy Worker")


def test_without_holder_or_iro_there_is_nothing_to_refuse(cast: Cast) -> None:
    assert check(cast.session, None, cast.iro.id) is None
    assert check(cast.session, cast.worker.id, None) is None


def test_a_new_manager_who_is_the_iro_shows_over_all_children(cast: Cast) -> None:
    cast.place("AB-2000", holder=cast.hire("Una Worker", "social_worker"))
    cast.service.manager_id = cast.iro.id
    cast.session.add(cast.service)
    cast.session.flush()
    assert [one.reference for one in find_conflicts(cast.session)] == ["AB-1042"]


def test_a_ring_of_managers_ends(cast: Cast) -> None:
    cast.director.manager_id = cast.worker.id
    cast.session.add(cast.director)
    cast.session.flush()
    assert check(cast.session, cast.worker.id, cast.iro.id) is None
    assert find_conflicts(cast.session) == []
