"""Scheme versions: two people to publish one, and which one governs a day."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from config.common.errors import NotAllowed, Refused
from subsidies.enums import Decision, OncePer, SchemeState
from subsidies.models import SchemeVersion
from subsidies.selectors.schemes import published_schemes, terms_of, version_in_force
from subsidies.services.schemes import draft_version, publish_version
from tests.people import person
from tests.subsidies.factories import basis, scheme_version

SINCE = dt.date(2019, 1, 1)


def draft(actor, **terms):
    return draft_version(key="matching", name="奖补", basis=basis(), valid_from=SINCE, actor=actor, **terms)


class TestDraft:
    def test_only_first_accreditations_one_to_one_and_the_rest_undecided(self, cast):
        version = draft(cast.caseworker)
        assert terms_of(version).ratio == "1:1"
        assert (version.first_eligible, version.renewal_eligible, version.inbound_eligible) == (
            Decision.YES,
            Decision.UNDECIDED,
            Decision.UNDECIDED,
        )
        assert (version.once_per, version.disclosure_required, version.cap) == (OncePer.UNDECIDED, True, None)
        assert (version.state, version.number) == (SchemeState.DRAFT, 1)

    def test_versions_are_numbered_within_their_scheme(self, cast):
        assert [draft(cast.caseworker).number, draft(cast.reviewer).number] == [1, 2]

    @pytest.mark.parametrize(
        ("terms", "code"),
        [
            ({"ratio_numerator": 0}, "ratio_not_positive"),
            ({"ratio_denominator": 0}, "ratio_not_positive"),
            ({"cap": 0}, "cap_not_positive"),
            ({"valid_to": SINCE}, "span_empty"),
            ({"disclosure_required": False}, "disclosure_source_missing"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, cast, terms, code):
        with pytest.raises(Refused) as refused:
            draft(cast.caseworker, **terms)
        assert refused.value.code == code
        assert not SchemeVersion.objects.exists()

    @pytest.mark.parametrize("role", ["firm", "county", "finance", "auditor", "administrator"])
    def test_others_draft_nothing(self, cast, role):
        with pytest.raises(NotAllowed):
            draft(getattr(cast, role))


class TestPublish:
    def test_a_second_person_publishes(self, cast):
        version = publish_version(version=draft(cast.caseworker), actor=cast.reviewer)
        assert (version.state, version.published_by) == (SchemeState.PUBLISHED, cast.reviewer)

    def test_the_drafter_does_not(self, cast):
        version = draft(cast.reviewer)
        with pytest.raises(NotAllowed) as refused:
            publish_version(version=version, actor=cast.reviewer)
        assert refused.value.code == "second_person"

    def test_nor_in_the_database(self, cast):
        version = scheme_version()
        with pytest.raises(IntegrityError), transaction.atomic():
            SchemeVersion.objects.filter(pk=version.pk).update(published_by=version.drafted_by_id)

    @pytest.mark.parametrize("role", ["firm", "county", "caseworker2", "finance", "auditor", "administrator"])
    def test_only_a_reviewer_publishes(self, cast, role):
        version = draft(cast.caseworker)
        with pytest.raises(NotAllowed):
            publish_version(version=version, actor=getattr(cast, role))

    def test_once(self, cast):
        version = scheme_version()
        with pytest.raises(Refused) as refused:
            publish_version(version=version, actor=cast.reviewer)
        assert refused.value.code == "already_published"

    def test_a_superuser_without_role_does_not(self, cast):
        root = person("root")
        root.is_superuser = True
        root.save()
        with pytest.raises(NotAllowed):
            publish_version(version=draft(cast.caseworker), actor=root)


class TestInForce:
    def test_a_version_holds_from_its_first_day_until_before_its_end(self, db):
        version = scheme_version(valid_from=SINCE, valid_to=dt.date(2020, 1, 1))
        days = [dt.date(2018, 12, 31), SINCE, dt.date(2019, 12, 31), dt.date(2020, 1, 1)]
        assert [version_in_force(version.scheme, day) for day in days] == [None, version, version, None]
        assert [published_schemes()[0].in_force_on(day) for day in days] == [None, version, version, None]

    def test_of_two_the_later_number_governs(self, db):
        first = scheme_version(valid_from=SINCE)
        second = scheme_version(valid_from=SINCE, renewal_eligible=Decision.YES)
        assert version_in_force(first.scheme, SINCE) == second
        assert published_schemes()[0].in_force_on(SINCE) == second

    def test_a_draft_governs_nothing(self, cast):
        version = draft(cast.caseworker)
        assert version_in_force(version.scheme, SINCE) is None
        assert published_schemes() == []
