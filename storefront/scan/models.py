"""The scan page's only table."""

from storefront.scan.openings.models import ScanDay

__all__ = ["ScanDay"]
