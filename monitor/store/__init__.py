"""The state folder and its database: tables, migrations, one method for each sentence of the pipeline."""

from monitor.store.batch import Batch
from monitor.store.records import (
    ArticleLine,
    Candidate,
    Counts,
    DeliveryLine,
    Due,
    Evidence,
    FeedHealth,
    Lane,
    Mark,
    Poll,
    Sending,
    Silence,
    Space,
    StoredHit,
    Suspension,
    Told,
    Unseen,
    Waiting,
    Why,
    addressees,
)  # fmt: skip
from monitor.store.store import Store

__all__ = [
    "ArticleLine", "Batch", "Candidate", "Counts", "DeliveryLine", "Due", "Evidence", "FeedHealth", "Lane", "Mark",
    "Poll", "Sending", "Silence", "Space", "Store", "StoredHit", "Suspension", "Told", "Unseen", "Waiting", "Why",
    "addressees",
]  # fmt: skip
