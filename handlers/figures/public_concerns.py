"""How the counts about concerns hang together, so that none under five can be worked out from the others."""

from collections.abc import Mapping

from handlers.figures.reply_table import NOT_RECORDED
from handlers.figures.suppression import FEWEST, Node, Spot, guard, settle, shown_spots
from handlers.figures.tables import Cell, PrintedTable

Tables = Mapping[str, PrintedTable]
MONTHS, STAGES, SUMMARY, REASONS, REPLIES, OUTCOMES = (
    "concerns_by_month",
    "concerns_by_highest_stage",
    "concerns_and_children",
    "reasons",
    "replies",
    "outcomes",
)


def number(cell: Cell) -> int:
    """The cell as a count; an empty one is zero."""
    return int(cell) if isinstance(cell, int | float) else 0


def node(tables: Tables, *spots: Spot, telltale: bool = False) -> Node:
    """The count printed in these cells, the first of which is the one its family adds up."""
    values = tuple(number(tables[table].rows[row][column]) for table, row, column in spots)
    return Node(values=values, spots=list(spots), telltale=telltale)


def concern_trees(tables: Tables, senior_stage: int | None) -> list[Node]:
    """The trees of the tables about concerns, settled; `senior_stage` is the first that asks someone senior."""
    places = {str(row["stage"]): place for place, row in enumerate(tables[STAGES].rows)}
    stages = [stage for stage in places if stage not in ("informal", "total")]
    raised = node(tables, (SUMMARY, 0, "concerns"), (STAGES, places["total"], "concerns"))
    informal = node(tables, (STAGES, places["informal"], "concerns"))
    informal.spots += _base_spots(tables, "informal")
    answered = _answered(tables, raised)
    formal = _stages_above(tables, stages, places, senior_stage, answered)
    raised.family(informal, formal)
    raised.divided(node(tables, (SUMMARY, 0, "service_concerns")))
    raised.divided(node(tables, (SUMMARY, 0, "children")))
    if senior_stage is None or f"stage_{senior_stage}" not in stages:
        raised.divided(node(tables, (SUMMARY, 0, "reached_assistant_director")))
    raised.divided(node(tables, (STAGES, places["total"], "agencies")))
    closed, still_open = (node(tables, (STAGES, places["total"], column)) for column in ("completed", "open"))
    raised.family(closed, still_open)
    _outcomes(tables, closed)
    for kind, base in (("informal", informal), ("formal", formal)):
        _reasons(tables, kind, base)
    settle(raised)
    return [raised, *_informal_entries(tables, raised, informal, formal, answered), *_rest(tables, places, raised)]


def _answered(tables: Tables, raised: Node) -> Mapping[int, Node]:
    """The replies to imported concerns by their row, guarded before all else.

    Each has one at most, so beside the concerns raised they tell how many had none.
    """
    given = {
        place: node(tables, (REPLIES, place, "replied"))
        for place, row in enumerate(tables[REPLIES].rows)
        if row["role"] == NOT_RECORDED
    }
    if given:
        unanswered = max(0, raised.values[0] - sum(one.values[0] for one in given.values()))
        guard([*given.values(), Node(values=(unanswered,))], parent_hidden=raised.must_hide)
    return given


def _stages_above(
    tables: Tables,
    stages: list[str],
    places: Mapping[str, int],
    senior_stage: int | None,
    answered: Mapping[int, Node],
) -> Node:
    """Concerns that reached stage 1, divided stage by stage into those that stayed there and those that went on.

    Entries to a stage, and people asked at it, are printed elsewhere and come to much the same: they stand and fall
    with the concerns that reached it.
    """
    reached: Node | None = None
    total = len(tables[MONTHS].rows) - 1
    for stage in reversed(stages):
        stayed = node(tables, (STAGES, places[stage], "concerns"))
        if reached is None:
            one = stayed
        else:
            one = Node(values=(stayed.values[0] + reached.values[0],))
            one.family(stayed, reached)
        one.spots += _base_spots(tables, "formal") if stage == "stage_1" else []
        _also(tables, one, (MONTHS, total, stage))
        if senior_stage is not None and stage == f"stage_{senior_stage}":
            _also(tables, one, (SUMMARY, 0, "reached_assistant_director"))
        one.family(*(node(tables, (MONTHS, month, stage)) for month in range(total)))
        _asked(tables, one, stage, answered)
        reached = one
    return reached if reached is not None else Node(values=(0,))


def _also(tables: Tables, one: Node, spot: Spot) -> None:
    one.values = (*one.values, number(tables[spot[0]].rows[spot[1]].get(spot[2])))
    one.spots.append(spot)


def _base_spots(tables: Tables, kind: str) -> list[Spot]:
    return [(REASONS, place, "base") for place, row in enumerate(tables[REASONS].rows) if row["kind"] == kind]


def _reasons(tables: Tables, kind: str, base: Node) -> None:
    """Any mention: as if each concern named one reason, so that neither way of counting tells."""
    whole = base.values[0]
    named = []
    for place, row in enumerate(tables[REASONS].rows):
        if row["kind"] == kind:
            telltale = whole - number(row["any"]) < FEWEST
            named.append(node(tables, (REASONS, place, "any"), telltale=telltale))
    none_named = Node(values=(max(0, whole - sum(one.values[0] for one in named)),))
    if named:
        base.family(*named, none_named)


def _asked(tables: Tables, stage_node: Node, stage: str, answered: Mapping[int, Node]) -> None:
    asked = []
    for place, row in enumerate(tables[REPLIES].rows):
        if row["stage"] == stage:
            one = node(tables, (REPLIES, place, "asked"))
            replied = one.divided(answered.get(place) or node(tables, (REPLIES, place, "replied")))
            one.divided(node(tables, (REPLIES, place, "substitutions")))
            if row["in_time"] is not None:
                replied.divided(node(tables, (REPLIES, place, "in_time")))
            asked.append(one)
    if asked:
        stage_node.values = (*stage_node.values, sum(one.values[0] for one in asked))
        stage_node.family(*asked)


def _outcomes(tables: Tables, closed: Node) -> None:
    """Concerns closed in the period are nearly those raised in it and completed: they stand and fall together."""
    rows = tables[OUTCOMES].rows
    total = len(rows) - 1
    _also(tables, closed, (OUTCOMES, total, "concerns"))
    ended = []
    for place in range(total):
        one = node(tables, (OUTCOMES, place, "concerns"))
        _lasting(one, *(node(tables, (OUTCOMES, place, column)) for column in ("change_recorded", "lasted")))
        ended.append(one)
    closed.family(*ended)


def _lasting(ended: Node, changed: Node, lasted: Node) -> None:
    """What lasted is a part of what changed: where that is printed, subtraction would give what did not last.

    Where it is held back, beside nearly all or hardly any that ended so, what lasted is a part of these alone.
    """
    ended.divided(changed)
    unchanged = ended.values[0] - changed.values[0]
    changed_is_held_back = changed.must_hide or unchanged < FEWEST
    (ended if changed_is_held_back else changed).divided(lasted)


def _informal_entries(
    tables: Tables, raised: Node, informal: Node, formal: Node, answered: Mapping[int, Node]
) -> list[Node]:
    """Entries to the informal stage: beside the others they tell how many went on from there and how many did not."""
    total = len(tables[MONTHS].rows) - 1
    if "informal" not in tables[MONTHS].rows[total]:
        return []
    entries = node(tables, (MONTHS, total, "informal"))
    went_on = entries.values[0] - informal.values[0]
    formal_at_once = formal.values[0] - went_on
    all_shown = not (raised.hidden or informal.hidden or formal.hidden)
    entries.telltale = not (all_shown and went_on >= FEWEST and formal_at_once >= FEWEST)
    entries.family(*(node(tables, (MONTHS, month, "informal")) for month in range(total)))
    _asked(tables, entries, "informal", answered)
    settle(entries)
    return [entries]


def _rest(tables: Tables, places: Mapping[str, int], raised: Node) -> list[Node]:
    """Counts that no other adds up to, and those of each stage that are printed all or not at all."""
    total = len(tables[MONTHS].rows) - 1
    cafcass = node(tables, (MONTHS, total, "cafcass"))
    cafcass.family(*(node(tables, (MONTHS, month, "cafcass")) for month in range(total)))
    alone = [node(tables, (REPLIES, place, "extensions")) for place in range(len(tables[REPLIES].rows))]
    for one in (cafcass, *alone):
        settle(one)
    columns = (("completed", "open"), ("agencies",))
    return [cafcass, *alone, *(one for each in columns for one in _all_or_none(tables, places, raised, each))]


def _all_or_none(tables: Tables, places: Mapping[str, int], raised: Node, columns: tuple[str, ...]) -> list[Node]:
    """A column by stages adds up both ways, so one cell held back would need a whole square: print all, or none."""
    rows = [tables[STAGES].rows[place] for stage, place in places.items() if stage != "total"]
    whole = {(STAGES, place, "concerns") for place in places.values()}
    parts = [number(row[columns[0]]) for row in rows]
    rests = [number(row["concerns"]) - part for row, part in zip(rows, parts, strict=True)]
    shown = whole <= shown_spots([raised]) and min(*parts, *rests) >= FEWEST
    spots = [(STAGES, place, column) for stage, place in places.items() if stage != "total" for column in columns]
    return [Node(values=(FEWEST,), spots=spots)] if shown else []
