"""
The Python client of Understudy. `Understudy` blocks, `AsyncUnderstudy` does not; both have the same methods.

    with Understudy("http://127.0.0.1:8080", api_key="us_…") as client:
        decision = client.predict("comment-moderation", "Buy cheap watches")
"""

from . import models, requests
from ._async.client import AsyncUnderstudy
from ._async.download import AsyncDownload
from ._async.pagination import AsyncList
from ._call import CallOptions, ChangeOptions, IdempotentOptions, PageOptions, PutOptions
from ._items import Decided, Item
from ._page import Followed, Page, Tagged
from ._sync.client import Understudy
from ._sync.download import Download
from ._sync.pagination import List
from ._version import VERSION
from .errors import (
    Conflict,
    ConnectionFailed,
    Forbidden,
    InvalidRequest,
    NotFound,
    RateLimited,
    ServerError,
    StaleVersion,
    TimeLimitExceeded,
    Unauthenticated,
    UnderstudyError,
    UnexpectedAnswer,
)
from .models import Decision
from .webhooks import InvalidSecret, InvalidWebhook, verify_webhook

__version__ = VERSION

__all__ = [
    "AsyncDownload",
    "AsyncList",
    "AsyncUnderstudy",
    "CallOptions",
    "ChangeOptions",
    "Conflict",
    "ConnectionFailed",
    "Decided",
    "Decision",
    "Download",
    "Followed",
    "Forbidden",
    "IdempotentOptions",
    "InvalidRequest",
    "InvalidSecret",
    "InvalidWebhook",
    "Item",
    "List",
    "NotFound",
    "Page",
    "PageOptions",
    "PutOptions",
    "RateLimited",
    "ServerError",
    "StaleVersion",
    "Tagged",
    "TimeLimitExceeded",
    "Unauthenticated",
    "Understudy",
    "UnderstudyError",
    "UnexpectedAnswer",
    "__version__",
    "models",
    "requests",
    "verify_webhook",
]
