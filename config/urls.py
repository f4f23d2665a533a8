"""URLs of the part of the site that this server offers; every view asks for a login unless it says otherwise."""

from django.conf import settings

from .parts import Part, urlpatterns_of

urlpatterns = urlpatterns_of(Part(settings.SITE_PART))
