"""What a person hears beside a step: prompts in writing, recordings of them in the languages people speak at home.

The spoken language is a field of its own: it is neither the ethnic group (nobody is asked, and many people of a group
speak another language), nor the interface language, nor the form of numbers. No voice is ever made by a machine.
"""
