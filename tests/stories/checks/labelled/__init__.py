"""Invented texts with known details in them, `texts.jsonl`, and what they are made of."""
