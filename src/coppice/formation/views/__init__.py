"""The pages of formation: the list, the studio, changes by hand, publication."""
