"""The outbox. It knows an address, a text and an opaque party key; who reads it and why is another part's business."""
