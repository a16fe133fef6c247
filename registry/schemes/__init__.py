"""Support schemes: dated conditions as data files, laid beside what a household said. Pure; nothing is stored here."""
