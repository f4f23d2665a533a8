"""Addresses of the cultivation pages."""

from django.urls import path

from .views import assessments, board, cases, delegations, opening

app_name = "cultivation"

urlpatterns = [
    path("cases/", cases.case_list, name="cases"),
    path("cases/new/", opening.case_new, name="case_new"),
    path("cases/<int:pk>/", cases.case_page, name="case"),
    path("cases/<int:pk>/<slug:action>/", cases.case_act, name="case_act"),
    path("delegations/", delegations.delegations, name="delegations"),
    path("delegations/<int:pk>/end/", delegations.delegation_end, name="delegation_end"),
    path("assessments/<int:pk>/", assessments.assessment, name="assessment"),
    path("board/", board.board, name="board"),
    path("board/stock.svg", board.stock_chart, name="stock_chart"),
]
