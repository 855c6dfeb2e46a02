"""Verification 查验: anybody can find out whether a certificate is genuine and in force, by number, QR code or file.

`services` gather evidence from the register and from a file, `checks` turns evidence into a verdict with a numbered
list of checks, each yes, no or unknown with its reason. The page, the desk and the command show the same list. Files
are read in a process of their own with little memory and time, and are never kept.
"""
