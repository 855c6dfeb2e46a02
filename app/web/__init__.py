"""The assembly: factory, errors, languages, security headers, background worker, set-up and serving."""
