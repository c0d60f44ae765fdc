"""The built-in page: the whole product in a browser, with made-up people, as a platform like Slack and Teams."""
