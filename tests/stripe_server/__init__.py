"""A Stripe-like server of our own, run as a process: stateful, strict about requests, able to misbehave on order.

It takes what the real SDK sends, holds every request and every answer against Stripe's own OpenAPI description (where
`../shared/data` has it; without it the flows run unchecked), and plays the buyer, the card's bank and the webhooks.
"""
