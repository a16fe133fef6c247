"""Events: what happened to goods, when and where, as EPCIS 2.0 documents written once in their final form."""
