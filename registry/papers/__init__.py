"""Papers of the procedure: what is printed (layouts as dated data, unverified), and signed sheets as photos."""
