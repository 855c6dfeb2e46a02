"""Cohorts 培训班: programmes, classes and who is enrolled in them."""
