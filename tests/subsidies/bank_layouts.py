"""The layout every installation begins with, as a value for tests of the builder; the row itself is compared with it."""

from subsidies.exports import BankColumn, BankLayout

GENERAL_LAYOUT = BankLayout(
    columns=(
        BankColumn("序号", "number"),
        BankColumn("收款账号", "account_number"),
        BankColumn("收款人全称", "payee_name"),
        BankColumn("开户银行", "bank_name"),
        BankColumn("联行号", "clearing_code"),
        BankColumn("金额", "amount"),
        BankColumn("用途", "purpose"),
    ),
    delimiter="|",
    encoding="gb18030",
    line_end="\r\n",
    has_headers=True,
    has_control=True,
    in_fen=False,
)
