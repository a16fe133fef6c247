"""Home, lists, search, product and cooperative pages, policies and public pictures: no cookie, no token, no session."""
