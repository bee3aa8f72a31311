"""Phrases in text: folding, inflection, typos, negation, and the trie that finds all of them at once."""
