"""A small Saleor of our own: it keeps products, stock and orders, and answers our documents as its schema says.

It knows each document by the name of its operation and reads only the variables; a conformance test holds every
document, and every answer this server gives, to Saleor's real schema.
"""
