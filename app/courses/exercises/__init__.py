"""The practical audit 实训: one invented company, from the audit plan to the report.

An exercise is a folder of files (`content` reads them, `reading` says what they mean, `rules` holds them to named
rules). `answers` says what a trainee's answer to a task looks like and what of it can be kept.
"""
