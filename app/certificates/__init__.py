"""Certificates 证书: what a training base vouches for, from the decision to the signed file and through its life.

A decision to certify becomes claims (what the certificate will say), the claims are linted, and only what was linted
can be drawn and signed. The intended certificate is stored and logged before it is signed; the worker signs; the signed
bytes are stored once and served unchanged for ever. Afterwards a certificate is suspended, reinstated, withdrawn or
replaced, each time with reason, person and date.
"""
