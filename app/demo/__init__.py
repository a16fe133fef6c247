"""The demonstration world: invented people and money around real kinds of goods, made through the verbs users call.

A year of work told as stories, each at its own instant of an injected clock and in one transaction. The same day gives
the same people, goods, amounts and states; random keys and tokens differ, as they must.
"""
