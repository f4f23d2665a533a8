"""Numbers under concurrency, which only a server database shows."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from documents.api import Organ
from documents.models import NumberSeries
from documents.services.numbering import next_sequence


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_edge_case_40_fifty_at_once_leave_no_gap_and_no_repeat_though_some_fail() -> None:
    organ = Organ.objects.create(key="demo-bureau", is_demo=True)

    unlucky = set(random.Random(40).sample(range(300), 100))

    def take(attempt: int) -> int | None:
        try:
            with transaction.atomic():
                number = next_sequence(organ=organ, prefix="演科字", year=2019)
                if attempt in unlucky:
                    raise RuntimeError("rendering failed")
                return number
        except RuntimeError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        taken = [number for number in pool.map(take, range(300)) if number]
    assert sorted(taken) == list(range(1, 201))
    assert NumberSeries.objects.get().last == 200


@pytest.mark.django_db(transaction=True)
def test_a_number_is_only_given_inside_a_transaction() -> None:
    organ = Organ.objects.create(key="demo-bureau", is_demo=True)
    with pytest.raises(RuntimeError, match="inside the transaction"):
        next_sequence(organ=organ, prefix="演科字", year=2019)
