"""The stages of an open case, in the order of its way, as the history names them."""

OPEN_STAGES = (
    "draft",
    "submitted",
    "returned",
    "recommended",
    "pooled",
    "training",
    "expense_review",
    "ready",
    "filed",
    "disclosed",
    "declined",
)

# Where a case goes from a stage when all goes well; ``ACCREDITED`` is the end.
ACCREDITED = "accredited"
NEXT_STAGE = {
    "draft": "submitted",
    "submitted": "recommended",
    "returned": "submitted",
    "recommended": "pooled",
    "pooled": "training",
    "training": "expense_review",
    "expense_review": "ready",
    "ready": "filed",
    "filed": "disclosed",
    "disclosed": ACCREDITED,
    "declined": "pooled",
}
