"""A case folded into its summary: figures, complaint ledger, disagreements, outcomes, discrepancies, and what stands behind each."""
