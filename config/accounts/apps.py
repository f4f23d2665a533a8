"""The app that fits the library in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "config.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from .second_factor import remember_proof

        authenticator_added.connect(remember_proof, dispatch_uid="remember_proof")
