"""The share kit of a product: words in the maker's voice, pictures in each channel's size, a poster for a shop door."""
