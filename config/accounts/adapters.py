"""What the library asks the site."""

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from .second_factor import FACTORS, is_required_of


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: the administrator makes the accounts of the office, invitations those of the firms."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """The secrets of the second factor are kept encrypted; the last one stays where one is required."""

    def get_totp_issuer(self) -> str:
        return _("Miaopu")

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if authenticator.type not in FACTORS or not is_required_of(authenticator.user):
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        return others.exclude(pk=authenticator.pk).exists()


def _cipher() -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"miaopu second factor").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
