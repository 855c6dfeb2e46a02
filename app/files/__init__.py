"""Stored files 文件: content-addressed bytes, written once and served unchanged for ever."""
