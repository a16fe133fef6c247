"""All doors of a cooperative on one page: when each spoke last, what failed, what to do next."""
