"""Every address of the site x every kind of person. The rows come from the URL configuration: a new address needs one."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from tests.people import Cast
from tests.site import World, build_world

PEOPLE = (
    "anonymous",
    "firm",
    "other_firm",
    "county",
    "other_county",
    "caseworker",
    "reviewer",
    "finance",
    "auditor",
    "administrator",
    "superuser",
    "nobody",
)


def answers(
    everybody: int | None = None, *, anonymous: int = 302, others: int = 403, **people: int
) -> dict[str, int]:
    """A status for each person: the named ones, then ``everybody`` or, for those without a part in it, ``others``."""
    row = dict.fromkeys(PEOPLE, others if everybody is None else everybody)
    return {**row, "anonymous": anonymous, **people}


CITY = {"caseworker": 200, "reviewer": 200, "finance": 200, "auditor": 200}
OWN = {"firm": 200, "other_firm": 404, "county": 200, "other_county": 404}
TEXTS = {"caseworker": 200, "reviewer": 200, "auditor": 200, "administrator": 200}
LISTS = {"reviewer": 200, "finance": 200, "auditor": 200}

# One's own account: the same for everybody who is logged in. 302: asks for the password once more, or sends on.
ACCOUNT = {
    "account_login": answers(302, anonymous=200),
    "account_inactive": answers(200, anonymous=200),
    "account_invited": answers(200, anonymous=200),
    "account_logout": answers(200),
    "mfa_authenticate": answers(302),
    "mfa_login_webauthn": answers(302),
    "account_reauthenticate": answers(200),
    "account_change_password": answers(200),
    "account_set_password": answers(302),
    "usersessions_list": answers(200),
    "mfa_index": answers(200),
    "mfa_reauthenticate": answers(302),
    "mfa_reauthenticate_webauthn": answers(302),
    "mfa_activate_totp": answers(302),
    "mfa_deactivate_totp": answers(404),
    "mfa_view_recovery_codes": answers(404),
    "mfa_generate_recovery_codes": answers(302),
    "mfa_download_recovery_codes": answers(404),
    "mfa_list_webauthn": answers(200),
    "mfa_add_webauthn": answers(302),
    "mfa_edit_webauthn": answers(302),
    "mfa_remove_webauthn": answers(302),
}

TABLE: dict[str, dict[str, int]] = {
    "home": answers(302, reviewer=200, finance=200, auditor=200, administrator=200),
    "set_language": answers(302),
    "set_appearance": answers(405, anonymous=405),
    **ACCOUNT,
    **dict.fromkeys(("cultivation:receipt", "cultivation:receipt_file"), answers(**OWN, **CITY)),
    "cultivation:county": answers(county=200, other_county=200),
    "cultivation:invitations": answers(
        county=200, other_county=200, caseworker=200, reviewer=200, auditor=200
    ),
    "cultivation:invitation_withdraw": answers(405),
    "cultivation:portal": answers(firm=200, other_firm=200),
    # No letter has been issued about this case.
    "cultivation:case_notice": answers(
        404, others=404, anonymous=302, administrator=403, superuser=403, nobody=403
    ),
    "cultivation:queue": answers(county=200, other_county=200, **CITY),
    "cultivation:cases_bulk": answers(405),
    "cultivation:cases_bulk_confirm": answers(405),
    "cultivation:cases_outcome": answers(
        county=302, other_county=302, caseworker=302, reviewer=302, finance=302, auditor=302
    ),
    "cultivation:search": answers(county=200, other_county=200, **CITY),
    "cultivation:cases": answers(firm=200, other_firm=200, county=200, other_county=200, **CITY),
    "cultivation:case_new": answers(firm=200, other_firm=200, county=200, other_county=200, caseworker=200),
    "cultivation:case": answers(**OWN, **CITY),
    "cultivation:case_documents": answers(**OWN, **CITY),
    # In quarantine: for the eyes of the caseworker alone.
    "cultivation:case_document": answers(
        firm=404,
        other_firm=404,
        county=404,
        other_county=404,
        caseworker=200,
        reviewer=404,
        finance=404,
        auditor=404,
    ),
    "cultivation:case_document_confirm": answers(405),
    "cultivation:case_document_reject": answers(405),
    "cultivation:documents_waiting": answers(caseworker=200),
    **dict.fromkeys(("cultivation:case_messages", "cultivation:firm_messages"), answers(**OWN, **CITY)),
    "cultivation:news": answers(county=200, other_county=200, caseworker=200, reviewer=200),
    "cultivation:expert_sheets": answers(**CITY),
    "cultivation:expert_sheet_record": answers(caseworker=422),
    "cultivation:expert_sheet_withdraw": answers(caseworker=422),
    "cultivation:ip_uses": answers(**OWN, **CITY),
    "cultivation:ip_use_record": answers(other_firm=404, other_county=404, caseworker=422),
    "cultivation:case_act": answers(
        firm=403, other_firm=404, county=403, other_county=404, caseworker=302, reviewer=403, finance=403
    ),
    **dict.fromkeys(
        (f"cultivation:history{part}" for part in ("", "_of_kind", "_of_record")), answers(auditor=200)
    ),
    "cultivation:refusals": answers(auditor=200),
    "cultivation:delegations": answers(county=200, other_county=200, administrator=200, **CITY),
    "cultivation:delegation_end": answers(405),
    "cultivation:assessment": answers(county=200, other_county=404, **CITY),
    "cultivation:firm": answers(**OWN, **CITY),
    **dict.fromkeys(
        (f"cultivation:firm_{act}" for act in ("rename", "move", "inbound", "change")), answers(405)
    ),
    "cultivation:certificates": answers(firm=200, other_firm=200, county=200, other_county=200, **CITY),
    "cultivation:certificate": answers(**OWN, **CITY),
    **dict.fromkeys(
        (f"cultivation:certificate_{act}" for act in ("report", "correct", "revoke")), answers(405)
    ),
    "cultivation:accounts": answers(**LISTS),
    "cultivation:account_act": answers(405),
    "cultivation:correction_act": answers(405),
    "cultivation:correction_propose": answers(405),
    "cultivation:determination": answers(**CITY),
    "cultivation:determination_correct": answers(405),
    "cultivation:determination_correction_act": answers(405),
    "subsidies:correction_reach": answers(**CITY),
    "subsidies:openings": answers(**CITY),
    "subsidies:opening_act": answers(405),
    "cultivation:account_propose": answers(405),
    "cultivation:firm_accounts": answers(**OWN, **CITY),
    "cultivation:ledger": answers(**OWN, **CITY),
    "cultivation:ledger_tables": answers(**OWN, **CITY),
    "cultivation:ledger_decide": answers(other_firm=404, other_county=404, caseworker=422),
    "cultivation:ledger_adopt": answers(firm=409, other_firm=404, other_county=404, caseworker=409),
    "cultivation:self_check": answers(**OWN, **CITY),
    "cultivation:self_check_upload": answers(405),
    "cultivation:self_check_what_if": answers(405),
    "cultivation:self_check_save": answers(405),
    "cultivation:self_check_assess": answers(405),
    "cultivation:self_check_saved": answers(**OWN, **CITY),
    "cultivation:self_check_report": answers(**OWN, **CITY),
    "cultivation:self_check_template": answers(
        firm=200, other_firm=200, county=200, other_county=200, **CITY
    ),
    "cultivation:training": answers(firm=200, other_firm=200, county=200, other_county=200, **CITY),
    "cultivation:session": answers(firm=200, other_firm=200, county=200, other_county=200, **CITY),
    **dict.fromkeys(
        (f"cultivation:{name}" for name in ("session_new", "session_change", "sign_in_wall", "sign_in_code")),
        answers(caseworker=200),
    ),
    **dict.fromkeys(
        (
            f"cultivation:{name}"
            for name in ("attendance_record", "attendance_strike", "sign_ins_decide", "sign_in_replace")
        ),
        answers(405),
    ),
    # Whoever has the code of the day may sign in, known or not.
    "cultivation:sign_in": answers(200, anonymous=200),
    "cultivation:board": answers(county=200, other_county=200, administrator=200, **CITY),
    "cultivation:board_chart": answers(county=200, other_county=200, administrator=200, **CITY),
    "cultivation:board_what_if": answers(county=200, other_county=200, administrator=200, **CITY),
    "cultivation:targets": answers(administrator=200, **CITY),
    "cultivation:target": answers(administrator=200, **CITY),
    "cultivation:achievements": answers(administrator=200, **CITY),
    "cultivation:achievement": answers(administrator=200, **CITY),
    "cultivation:achievement_evidence": answers(**CITY),
    "cultivation:achievement_new": answers(caseworker=200),
    "cultivation:target_act": answers(405),
    "cultivation:achievement_act": answers(405),
    "cultivation:stock_records": answers(**CITY),
    "cultivation:stock_record": answers(**CITY),
    "cultivation:stock_lock": answers(405),
    **dict.fromkeys(
        (f"cultivation:{name}" for name in ("bulletins", "bulletin", "bulletin_paper", "bulletin_numbers")),
        answers(county=200, other_county=200, administrator=200, **CITY),
    ),
    "cultivation:board_file": answers(county=200, other_county=200, administrator=200, **CITY),
    "cultivation:forecasts": answers(administrator=200, **CITY),
    "cultivation:forecast": answers(administrator=200, **CITY),
    "cultivation:forecast_file": answers(administrator=200, **CITY),
    "cultivation:backtest": answers(administrator=200, **CITY),
    "cultivation:backtest_order": answers(405),
    "cultivation:calibration_chart": answers(administrator=404, **dict.fromkeys(CITY, 404)),
    "cultivation:tiers": answers(**OWN, **CITY),
    "cultivation:tier_record": answers(other_firm=404, other_county=404, caseworker=422),
    "cultivation:tier_gazelle": answers(other_firm=404, other_county=404, caseworker=200),
    "cultivation:tier_sme": answers(firm=200, other_firm=404, other_county=404, caseworker=200),
    "cultivation:benefits": answers(**OWN, **CITY),
    "subsidies:awards": answers(**CITY),
    "subsidies:awards_propose": answers(405),
    "subsidies:awards_bulk": answers(405),
    "subsidies:awards_bulk_confirm": answers(405),
    "subsidies:awards_outcome": answers(caseworker=302, reviewer=302),
    "subsidies:disclosures": answers(**CITY),
    "subsidies:disclosure_file": answers(caseworker=404, reviewer=404, finance=404, auditor=404),
    "subsidies:firm_awards": answers(**OWN, **CITY),
    "subsidies:award": answers(**CITY),
    "subsidies:award_act": answers(405),
    "subsidies:award_calculation": answers(**CITY),
    "subsidies:notice": answers(**OWN, **CITY),
    "subsidies:revocations": answers(**CITY),
    "subsidies:exposure": answers(**CITY),
    "subsidies:exposure_chart": answers(**CITY),
    "subsidies:revocations_apply": answers(405),
    "subsidies:revocation": answers(**CITY),
    "subsidies:reconciliation": answers(**LISTS),
    "subsidies:reconciliation_file": answers(**LISTS),
    "subsidies:reconciliation_figure": answers(**LISTS),
    "subsidies:unmatched_rows": answers(**LISTS),
    "subsidies:unmatched_settle": answers(405),
    "subsidies:return_source": answers(finance=404),
    "subsidies:regional_documents": answers(**CITY),
    "subsidies:regional_document_new": answers(caseworker=200),
    "subsidies:regional_document_confirm": answers(405),
    "subsidies:regional_marked": answers(caseworker=404),
    "subsidies:regional_template": answers(caseworker=200),
    "subsidies:regional_document": answers(**CITY),
    "subsidies:regional_source": answers(**CITY),
    "subsidies:regional_judge_again": answers(405),
    "subsidies:funding_lines": answers(**CITY),
    "subsidies:funding_line": answers(**CITY),
    "subsidies:funding_act": answers(405),
    "subsidies:schemes": answers(**CITY),
    "subsidies:scheme_new": answers(caseworker=200, reviewer=200),
    "subsidies:scheme_version": answers(**CITY),
    "subsidies:scheme_publish": answers(405),
    "subsidies:scheme_draft": answers(caseworker=200, reviewer=200),
    "subsidies:exclusions": answers(**CITY),
    "subsidies:exclusion_new": answers(caseworker=200, reviewer=200),
    "subsidies:exclusion": answers(**CITY),
    "subsidies:exclusion_end": answers(405),
    "subsidies:receipts": answers(**CITY),
    "subsidies:receipt_new": answers(caseworker=200, finance=200),
    "subsidies:receipts_confirm": answers(405),
    "subsidies:receipt": answers(**CITY),
    # This one was not imported: there is no file to those who may ask.
    "subsidies:receipt_source": answers(caseworker=404, reviewer=404, finance=404, auditor=404),
    "subsidies:receipt_act": answers(405),
    "subsidies:bank_formats": answers(administrator=200, **LISTS),
    "subsidies:bank_format_new": answers(administrator=200),
    "subsidies:bank_format": answers(administrator=200, **LISTS),
    "subsidies:bank_format_publish": answers(405),
    "subsidies:payment_lists": answers(**LISTS),
    "subsidies:payment_list_new": answers(finance=200),
    "subsidies:payment_list_act": answers(405),
    "subsidies:payment_list": answers(**LISTS),
    "subsidies:payment_list_file": answers(finance=200),
    "documents:verify": answers(200, anonymous=200),
    "public:start": answers(200, anonymous=200),
    # The world's disclosure is not there.
    "public:disclosure": answers(404, anonymous=404),
    "cultivation:case_letter": answers(caseworker=200, reviewer=200),
    "subsidies:announcement": answers(caseworker=404, reviewer=404),
    "subsidies:grant_letter": answers(caseworker=200, reviewer=200),
    "subsidies:recovery_letter": answers(caseworker=200, reviewer=200),
    "subsidies:allotment": answers(caseworker=200, reviewer=200),
    "subsidies:notice_batch_new": answers(caseworker=200, reviewer=200),
    "documents:notices": answers(**CITY),
    "documents:export": answers(firm=200, other_firm=200, county=200, other_county=200, **CITY),
    **dict.fromkeys((f"documents:filter_{act}" for act in ("save", "change", "drop")), answers(405)),
    "documents:dossier": answers(404, caseworker=200, auditor=200),
    "documents:files": answers(200),
    # A file is its owner's alone.
    **dict.fromkeys(("documents:file", "documents:file_download"), answers(404, caseworker=200)),
    "documents:file_discard": answers(405),
    "documents:notice": answers(**CITY),
    "documents:notice_file": answers(**CITY),
    "documents:notice_void": answers(405),
    "documents:imports": answers(
        firm=200, other_firm=200, county=200, other_county=200, caseworker=200, reviewer=200
    ),
    # Of R&D ledgers, which firms hand in themselves. The one that waits is the caseworker's own; to firms it does not
    # exist. Nothing in it is faulty. The columns are those of a roster.
    **dict.fromkeys(
        ("documents:import_new", "documents:import_template"),
        answers(firm=200, other_firm=200, caseworker=200),
    ),
    "documents:import_preview": answers(firm=404, other_firm=404, caseworker=200),
    "documents:import_marked": answers(firm=404, other_firm=404, caseworker=404),
    "documents:import_columns": answers(county=404, other_county=404, caseworker=200),
    "documents:import_discard": answers(405),
    "documents:texts": answers(**TEXTS),
    "documents:text": answers(**TEXTS),
    "documents:text_sample": answers(**TEXTS),
    "documents:text_new": answers(administrator=200),
    "documents:text_preview": answers(405),
    "documents:text_reference": answers(405),
    "documents:text_publish": answers(405),
    "documents:batches": answers(**CITY),
    "documents:batch": answers(**CITY),
    "documents:batch_cancel": answers(405),
    "documents:batch_resume": answers(405),
    "documents:batch_print": answers(405),
    "documents:batch_archive": answers(405),
    "documents:batch_file": answers(caseworker=404, reviewer=404, finance=404, auditor=404),
}


def routes(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern


ROUTES = dict(routes(get_resolver().url_patterns))
ADMIN = {name: pattern for name, pattern in ROUTES.items() if name.startswith("admin:")}


@pytest.fixture
def world(cast: Cast) -> World:
    return build_world(cast)


def test_every_address_has_a_row() -> None:
    assert set(TABLE) == set(ROUTES) - set(ADMIN)


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_gets_what_the_table_says(world: World, name: str) -> None:
    client = world.client(name)
    found = {}
    for route in TABLE:
        # Acts are taken back, so that each address is asked in the same world.
        with transaction.atomic():
            found[route] = world.status(client, route)
            transaction.set_rollback(True)
    assert found == {route: row[name] for route, row in TABLE.items()}
