"""From a household's harvest to a pack on the shelf: crops, slips, recipes, batches, lots, stock, movements.

Slips go into batches, batches give lots, lots are packed, packs are sold. This is the one graph: walked forward it is a
recall, walked backward it is the origin on the scan page and the key by which a sale is shared. It is never copied.
Subpackages: `slips`, `batches`, `stock` (verbs and pages by noun), `gs1`, `epcis`, `log`, `labels`.
"""
