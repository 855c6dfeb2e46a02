"""Use cases of certificates 证书: request, issue, change of state, the register, and what verification looks up."""
