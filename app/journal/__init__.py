"""What happened, in commit order: leaves, heads, case revisions."""
