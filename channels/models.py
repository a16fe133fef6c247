"""Tables of the channels."""

from channels.feeds.models import FeedFetch, FeedListing, FeedMark, FeedWord
from channels.live.models import LiveBuyer, LiveComment, LiveGood, LiveLine, LiveSale
from channels.marketplaces.models import (
    MarketCategory,
    MarketFile,
    MarketLayout,
    MarketListing,
    MarketOrder,
    MarketSku,
)
from channels.saleor.models import (
    SaleorInstance,
    SaleorListing,
    SaleorOrder,
    SaleorRefundAsk,
    SaleorSeller,
    SaleorTold,
)
from channels.sharing.models import ShareCaption
from channels.stall.models import StallGood, StallOuting, StallSale, StallSaleLine, StallStep

__all__ = [
    "FeedFetch",
    "FeedListing",
    "FeedMark",
    "FeedWord",
    "LiveBuyer",
    "LiveComment",
    "LiveGood",
    "LiveLine",
    "LiveSale",
    "MarketCategory",
    "MarketFile",
    "MarketLayout",
    "MarketListing",
    "MarketOrder",
    "MarketSku",
    "SaleorInstance",
    "SaleorListing",
    "SaleorOrder",
    "SaleorRefundAsk",
    "SaleorSeller",
    "SaleorTold",
    "ShareCaption",
    "StallGood",
    "StallOuting",
    "StallSale",
    "StallSaleLine",
    "StallStep",
]
