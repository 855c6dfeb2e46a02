"""Use cases of accounts 账号."""
