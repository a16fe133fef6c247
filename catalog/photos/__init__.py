"""Pictures of products: taken in as a phone sends them, made safe and small by the worker, put in order."""
