"""URLs of the whole site; every view asks for a login unless it says otherwise."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path

from .home import home

urlpatterns = [
    path("", home, name="home"),
    path("login/", auth_views.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("", include("cultivation.urls")),
    path("subsidies/", include("subsidies.urls")),
    path("documents/", include("documents.urls")),
    path("admin/", admin.site.urls),
]
