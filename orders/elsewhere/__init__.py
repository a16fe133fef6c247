"""Goods that were sold at another place already: the price, the code and the handing over were settled there."""
