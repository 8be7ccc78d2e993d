"""Rating a trial by rule: pure decisions over values, which know the taxonomy and no database."""
