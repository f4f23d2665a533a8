"""URLs of the whole site; every view asks for a login unless it says otherwise."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from .appearance import set_appearance
from .home import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("config.accounts.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("appearance/", set_appearance, name="set_appearance"),
    path("", include("cultivation.urls")),
    path("subsidies/", include("subsidies.urls")),
    path("documents/", include("documents.urls")),
    path("admin/", admin.site.urls),
]
