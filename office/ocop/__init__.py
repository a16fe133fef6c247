"""The OCOP dossier of a product, put together from what the cooperative's records already say."""
