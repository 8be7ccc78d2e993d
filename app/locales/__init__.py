"""Texts for people, in kk, ru and en, by key."""
