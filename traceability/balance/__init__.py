"""Whether what goods weigh can be true: plots and their plausible harvest, and mass that balances along the graph."""
