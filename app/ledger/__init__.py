"""The ledger 账本: an append-only journal of every privileged act, integrated into an RFC 6962 tree and signed.

The business transaction writes an entry without a position; the sequencer job gives it one, adds its leaf to the
tree and signs the new head (a C2SP checkpoint), so that writers never queue behind one another. Entries carry ids
and numbers, never names.
"""
