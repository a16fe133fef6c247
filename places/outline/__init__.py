"""A small drawing of Việt Nam with a dot where a province lies: never finer than the province."""
