"""Labels are cut to what a platform shows, and no two that differ come out alike."""

from bot.slack import fields as slack
from bot.teams import fields as teams
from handlers.cards import Choice, Field, FieldKind
from handlers.labels import cut_apart

BEGINNING = "Independent reviewing and child protection conferencing service of the county, "


def test_what_fits_stays_and_what_is_cut_stays_apart() -> None:
    assert cut_apart(["North", "South  team"], 75) == ["North", "South team"]
    assert cut_apart(["abcdefghij", "xyz"], 5) == ["abcd…", "xyz"]
    north, south = cut_apart([f"{BEGINNING}north", f"{BEGINNING}south"], 75)
    assert north != south
    assert (len(north), north[-5:], south[-5:]) == (75, "north", "south")


def test_what_differs_in_its_middle_alone_is_numbered_and_what_is_the_same_stays_the_same() -> None:
    long = [f"{BEGINNING}{middle}{BEGINNING}" for middle in ("one", "two", "two")]
    one, two, again = cut_apart(long, 75)
    assert one != two
    assert max(map(len, (one, two, again))) <= 75


def test_every_list_of_choices_is_drawn_apart_and_what_is_chosen_as_it_stands_there() -> None:
    choices = tuple(Choice(value=str(n), label=f"{BEGINNING * 3}{n}") for n in range(120))
    one = Field(key="k", kind=FieldKind.CHOICE, label="L", choices=choices, initial="117")
    drawn = slack.ELEMENTS[FieldKind.CHOICE](one)
    options = [option for group in drawn["option_groups"] for option in group["options"]]
    assert len({option["text"]["text"] for option in options}) == 120
    assert drawn["initial_option"] in options
    there = teams.ELEMENTS[FieldKind.CHOICE](one, teams.Typed())
    assert len({choice["title"] for choice in there["choices"]}) == 120
