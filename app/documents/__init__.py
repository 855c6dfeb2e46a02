"""Documents 文书: what every printed page of the house is made of: typefaces, line breaking, tagged PDF, a place to sign.

`fonts` unpacks and loads the Chinese typeface and says which characters it lacks, `breaking` decides where a
line may end, and `pdf` writes one page as a tagged, archivable file, with a hole for a signature when one is wanted.
"""
