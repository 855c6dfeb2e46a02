"""Accounts 账号: people, training bases 培训基地, roles granted per base, and signing in.

Who may do what is one pure table in `permissions`; every route names a permission of it or is declared public
(`guards`), and naming it also limits the session to the bases where the person holds it.
"""
