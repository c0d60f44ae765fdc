"""The rules in plain words: who, by when, where from, and what nobody has checked."""

import pytest

from scheduling.procedures import explain, load_procedures, parse_procedures, shipped_names, shipped_text


@pytest.mark.parametrize("name", shipped_names())
def test_every_stage_and_category_is_named(name: str) -> None:
    procedures = load_procedures(name)
    words = explain(procedures)
    for stage in procedures.stages:
        assert f"{stage.name}: the {procedures.role_label(stage.addressees[0])} replies within" in words
    for category in procedures.categories:
        assert category.label in words
    assert "None" not in words
    assert "_" not in words.replace("\\d", "")


def test_handbook_does_not_speak_of_taking_from_itself() -> None:
    assert "Taken from handbook" not in explain(load_procedures("handbook"))


def test_what_comes_from_handbook_is_said_at_the_stage() -> None:
    words = explain(load_procedures("rotherham"))
    stage = words.split("Stage 3: ")[1].split("\n\n")[0]
    assert stage.startswith(
        "the Assistant Director replies within 24 hours (next working day, same time).\n"
        "  Copied for information: Social worker.\n"
        "  Without a reply the IRO is asked what to do, and the addressee's line manager is told.\n"
        "  Taken from handbook, because the authority's document does not state it: how many must answer, "
    )
    assert "Source: Rotherham IRO annual report 2015/16, 15.3-15.6 (not yet checked by a practitioner)." in stage


def test_each_and_any_and_no_clock_are_said() -> None:
    words = explain(load_procedures("nottinghamshire"))
    assert "the Children's Service Manager and ICS Service Manager must each reply" in words
    assert "the Social worker or Team Manager replies (any of them) and there is no clock." in words
    assert "No telephone line is written down yet." in words


def test_the_telephone_and_moving_up_by_itself_are_said() -> None:
    text = shipped_text("nottinghamshire").replace(
        "# [immediate.telephone]\n# name = ", "[immediate.telephone]\nnumber = '0115 000 0000'\nname = "
    )
    text = text.replace('on_no_reply = "prompt"  ', 'on_no_reply = "escalate"').replace(', "on_no_reply"]', "]")
    words = explain(parse_procedures(text, "notts.toml"))
    assert "telephone Duty service manager, 0115 000 0000." in words
    assert "Without a reply it moves to the next stage by itself, and everyone is told." in words


def test_a_local_review_rule_is_told_from_the_law() -> None:
    words = explain(load_procedures("southwark"))
    assert "within 20 working days of becoming looked after (law; SI 2010/959, regulation 33(1)" in words
    assert "within 28 days of becoming looked after (local, used only where earlier than the law;" in words
