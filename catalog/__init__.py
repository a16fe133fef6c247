"""Products, packs, photos, certificates and categories: what is for sale, at what price, and when it may be shown.

It knows no stock: `traceability` sets `pack.available`, `orders` sets `product.rating_sum` and `rating_count`.
"""
