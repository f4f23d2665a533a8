"""Fixtures of the forecast's tests."""

import pytest

from cultivation.models import User
from tests.cultivation.forecasting.building import Builder


@pytest.fixture
def build(db: None) -> Builder:
    return Builder(User.objects.create(username="counting", display_name="counting"))
