"""What a killed process or a cut power line may do to saved work: nothing (design/sync.md, rule 1)."""
