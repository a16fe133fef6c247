"""The contract of sale: which wording was agreed, and the file that the buyer keeps."""
