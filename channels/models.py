"""Tables of the channels."""

from channels.feeds.models import FeedFetch
from channels.live.models import LiveBuyer, LiveComment, LiveGood, LiveLine, LiveSale
from channels.saleor.models import (
    SaleorInstance,
    SaleorListing,
    SaleorOrder,
    SaleorRefundAsk,
    SaleorSeller,
)
from channels.sharing.models import ShareCaption
from channels.stall.models import StallGood, StallOuting, StallSale, StallSaleLine, StallStep

__all__ = [
    "FeedFetch",
    "LiveBuyer",
    "LiveComment",
    "LiveGood",
    "LiveLine",
    "LiveSale",
    "SaleorInstance",
    "SaleorListing",
    "SaleorOrder",
    "SaleorRefundAsk",
    "SaleorSeller",
    "ShareCaption",
    "StallGood",
    "StallOuting",
    "StallSale",
    "StallSaleLine",
    "StallStep",
]
