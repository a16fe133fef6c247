"""What a producer delivered, was advanced, earned, is owed and was paid, each line traceable to its slip or sale."""
