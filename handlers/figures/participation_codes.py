"""The codes of how a child took part in a review, as reports word them."""

from storage.reviews import Participation

LABELS = {
    Participation.PN0: "child under 4 at time of review",
    Participation.PN1: "child attends and speaks for themselves",
    Participation.PN2: "child attends and an advocate speaks for them",
    Participation.PN3: "child attends and conveys their views non-verbally",
    Participation.PN4: "child attends but does not speak or convey views",
    Participation.PN5: "child does not attend but asks an advocate to speak",
    Participation.PN6: "child does not attend but conveys their feelings",
    Participation.PN7: "child does not attend nor convey their views",
}
"""The Department for Education's codes (SSDA903), in the words of the Nottinghamshire annual report 2022/23."""
