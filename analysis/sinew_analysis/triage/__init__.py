"""Screening pathways compared: who is tested and treated, what it averts and costs, and how well each test tells."""
