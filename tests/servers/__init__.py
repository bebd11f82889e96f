"""Loopback servers that answer as asked: a fake Telegram, a mail server, a webhook. For the tests of several rooms."""
