"""The admin: reference data for administrators; no state, amount, ledger field or case."""

import pytest
from django.contrib import admin
from django.contrib.admin.sites import all_sites
from django.forms import model_to_dict
from django_fsm import FSMFieldMixin

from config.common.money import MoneyField
from cultivation.enums import Role
from cultivation.models import (
    AnnualTarget,
    CalendarDay,
    CaseCheck,
    CaseEvent,
    CultivationCase,
    Division,
    ExpenseYear,
    Parameter,
    TierCriterion,
    User,
)
from documents.models import Organ, PolicyDocument
from tests.factories import UserFactory


def _registered() -> dict[type, admin.ModelAdmin]:
    return {model: options for site in all_sites for model, options in site._registry.items()}


@pytest.mark.parametrize("model", [CultivationCase, CaseEvent, CaseCheck, ExpenseYear])
def test_what_happens_to_a_case_is_not_in_the_admin(model: type) -> None:
    assert model not in _registered()


def test_no_state_and_no_money_can_be_edited(rf) -> None:
    request = rf.get("/")
    request.user = User(is_staff=True, is_superuser=True)
    open_fields = []
    for model, options in _registered().items():
        if not model._meta.app_label.startswith(("cultivation", "subsidies", "documents")):
            continue
        read_only = set(options.get_readonly_fields(request)) | set(options.exclude or ())
        shown = {name for _title, part in (options.fieldsets or ()) for name in part["fields"]}
        for field in model._meta.fields:
            guarded = isinstance(field, MoneyField | FSMFieldMixin) or getattr(model, "append_only", False)
            if guarded and field.name not in read_only and (not shown or field.name in shown):
                open_fields.append(f"{model._meta.label}.{field.name}")
    assert [label for label in open_fields if not _is_read_only(label)] == []


def _is_read_only(label: str) -> bool:
    """Whether nobody at all may change rows of this model in the admin."""
    for model, options in _registered().items():
        if label.startswith(f"{model._meta.label}."):
            return not options.has_change_permission(_RequestOfAll(), None)
    return True


class _RequestOfAll:
    """A request by somebody to whom Django itself would allow everything."""

    user = User(is_staff=True, is_superuser=True, is_active=True)


@pytest.mark.django_db
class TestDoors:
    def _admin(self, model: type) -> admin.ModelAdmin:
        return _registered()[model]

    def _request(self, rf, **attributes: object):
        request = rf.get("/admin/")
        request.user = UserFactory(**attributes)
        return request

    @pytest.mark.parametrize("model", [Division, Parameter, AnnualTarget, User, Organ, PolicyDocument])
    def test_are_open_to_administrators_who_never_delete(self, rf, model: type) -> None:
        request = self._request(rf, role=Role.ADMINISTRATOR, is_staff=True)
        options = self._admin(model)
        assert options.has_module_permission(request)
        assert options.has_change_permission(request)
        assert options.has_add_permission(request)
        assert not options.has_delete_permission(request)

    def test_a_calendar_day_may_be_taken_out(self, rf) -> None:
        request = self._request(rf, role=Role.ADMINISTRATOR, is_staff=True)
        assert self._admin(CalendarDay).has_delete_permission(request)

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
    def test_are_shut_to_every_other_role_even_with_djangos_flags(self, rf, role: Role) -> None:
        request = self._request(rf, role=role, is_staff=True, is_superuser=True)
        options = self._admin(Parameter)
        assert not options.has_module_permission(request)
        assert not options.has_view_permission(request)
        assert not options.has_change_permission(request)

    def test_single_permissions_are_not_shown(self) -> None:
        shown = {name for _title, part in self._admin(User).fieldsets for name in part["fields"]}
        assert not shown & {"is_superuser", "user_permissions"}

    def test_nobody_gives_a_role_to_himself(self, rf) -> None:
        request = self._request(rf, role=Role.ADMINISTRATOR, is_staff=True)
        options = self._admin(User)
        assert "groups" in options.get_readonly_fields(request, request.user)
        assert "groups" not in options.get_readonly_fields(request, UserFactory())

    def test_the_pages_open(self, client) -> None:
        client.force_login(UserFactory(role=Role.ADMINISTRATOR, is_staff=True))
        for model in ("division", "parameter", "annualtarget", "calendarday", "user", "industryfield"):
            assert client.get(f"/admin/cultivation/{model}/").status_code == 200
            assert client.get(f"/admin/cultivation/{model}/add/").status_code == 200

    def test_the_history_tells_who_changed_what(self, client) -> None:
        administrator = UserFactory(role=Role.ADMINISTRATOR, is_staff=True, display_name="管理员甲")
        criterion = TierCriterion.objects.get(key="registered_in_guangxi")
        criterion.save()
        client.force_login(administrator)
        address = f"/admin/cultivation/tiercriterion/{criterion.pk}"
        fields = {name: value for name, value in model_to_dict(criterion).items() if value is not None}
        answer = client.post(f"{address}/change/", {**fields, "text": "演示：改过的条件"})
        assert answer.status_code == 302
        page = client.get(f"{address}/history/").content.decode()
        assert f"{criterion.text} → 演示：改过的条件" in page
        assert "管理员甲" in page

    def test_a_target_knows_who_entered_it(self, client) -> None:
        administrator = UserFactory(role=Role.ADMINISTRATOR, is_staff=True)
        client.force_login(administrator)
        answer = client.post(
            "/admin/cultivation/annualtarget/add/",
            {
                "measure": "stock",
                "division": Division.objects.get_or_create(key="tiandong")[0].pk,
                "year": 2019,
                "value": 3,
                "origin": "entered",
                "source": "演示：局内下达",
            },
        )
        assert answer.status_code == 302
        assert AnnualTarget.objects.get(division__key="tiandong", measure="stock").entered_by == administrator
