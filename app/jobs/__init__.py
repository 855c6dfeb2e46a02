"""Background jobs 后台任务 as rows: a service asks in its own transaction, a worker runs each key once."""
