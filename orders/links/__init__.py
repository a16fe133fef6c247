"""Short links: one a product and channel, counted by click and by sale, without a cookie until somebody buys."""
