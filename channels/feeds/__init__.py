"""Files of every listing on sale as Google, Meta, TikTok and schema.org want them: one mapper, four spellings."""
