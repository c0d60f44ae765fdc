"""What is wrong with the service, found by one rule: readiness, metrics, the log and HEARTBEAT_URL go by it."""
