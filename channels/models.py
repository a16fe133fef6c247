"""Tables of the channels."""

from channels.feeds.models import FeedFetch
from channels.saleor.models import (
    SaleorInstance,
    SaleorListing,
    SaleorOrder,
    SaleorRefundAsk,
    SaleorSeller,
)
from channels.sharing.models import ShareCaption

__all__ = [
    "FeedFetch",
    "SaleorInstance",
    "SaleorListing",
    "SaleorOrder",
    "SaleorRefundAsk",
    "SaleorSeller",
    "ShareCaption",
]
