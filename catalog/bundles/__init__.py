"""Gift boxes: a pack that is made of packs of the same cooperative, with stock arithmetic of its own."""
