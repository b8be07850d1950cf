"""Sends the requests of people, exactly as they wrote them."""
