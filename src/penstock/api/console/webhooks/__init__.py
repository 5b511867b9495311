"""The pages of webhooks, of their deliveries, and of the event types they can receive."""
