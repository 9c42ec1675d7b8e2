"""The processes that feed judging and delivery from RabbitMQ or from the outbox."""
