"""Addresses of the subsidies pages."""

from django.urls import path

from .views import awards

app_name = "subsidies"

urlpatterns = [
    path("firms/<int:pk>/awards/", awards.firm_awards, name="firm_awards"),
]
