"""The resolver: every GS1 Digital Link of ours, answered as GS1's resolver standard 1.2 asks. No cookie, no write."""
