"""An account for what the cash box of a stall had too little or too much.

Revision ID: 0052
Revises: 0051
"""

import sqlalchemy as sa
from alembic import op

from migrations.tools import keep_immutable

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def _account():
    with op.batch_alter_table("account") as table:
        table.drop_constraint(op.f("ck_account_kind_known"), type_="check")
        table.create_check_constraint(op.f("ck_account_kind_known"), "kind IN ('bank', 'cash', 'suspense', 'buyer_prepayment', 'cod_receivable', 'producer_payable', 'producer_advance', 'producer_receivable', 'cooperative_income', 'fund', 'shipping_income', 'shipping_cost', 'provider_fee', 'recall_cost', 'refund_due', 'capital', 'subsidy_receivable', 'subsidy_budget', 'subsidy_held', 'due_to_cooperative', 'due_from_collector', 'remittance_coming', 'rail_clearing', 'dispute_held', 'dispute_cost', 'taxes_withheld', 'platform_fee_due', 'goods_bought', 'carrier_claim', 'carrier_loss', 'cost_of_goods', 'market_receivable', 'market_fee', 'cash_difference')")
    keep_immutable("account")


def _account_back():
    with op.batch_alter_table("account") as table:
        table.drop_constraint(op.f("ck_account_kind_known"), type_="check")
        table.create_check_constraint(op.f("ck_account_kind_known"), "kind IN ('bank', 'cash', 'suspense', 'buyer_prepayment', 'cod_receivable', 'producer_payable', 'producer_advance', 'producer_receivable', 'cooperative_income', 'fund', 'shipping_income', 'shipping_cost', 'provider_fee', 'recall_cost', 'refund_due', 'capital', 'subsidy_receivable', 'subsidy_budget', 'subsidy_held', 'due_to_cooperative', 'due_from_collector', 'remittance_coming', 'rail_clearing', 'dispute_held', 'dispute_cost', 'taxes_withheld', 'platform_fee_due', 'goods_bought', 'carrier_claim', 'carrier_loss', 'cost_of_goods', 'market_receivable', 'market_fee')")
    keep_immutable("account")


def upgrade():
    _account()


def downgrade():
    _account_back()
