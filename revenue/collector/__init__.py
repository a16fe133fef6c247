"""The collector: an organisation that takes money for several cooperatives over one merchant account, and owes it.

Two books always say the same: `due_from_collector` of a cooperative, and `due_to_cooperative` of the collector.
"""
