"""Logging in and what protects an account: django-allauth, fitted to an office that may have no e-mail."""
