"""Steps, reasons and readings as people say them."""

from core.i18n import N_
from traceability.epcis.rules import Step

STEP_WORDS: dict[Step, str] = {
    Step.WEIGHED: N_("Cân nhận của bà con"),
    Step.SLIP_VOIDED: N_("Huỷ phiếu cân"),
    Step.MADE: N_("Làm ra lô"),
    Step.PACKED: N_("Đóng gói"),
    Step.COUNTED: N_("Đếm lại kho"),
    Step.LOST: N_("Hao hụt, mất"),
    Step.CASED: N_("Đóng kiện"),
    Step.UNCASED: N_("Huỷ kiện"),
    Step.PICKED: N_("Xếp vào kiện gửi"),
    Step.SHIPPED: N_("Giao cho bên chở"),
    Step.RECEIVED: N_("Tới nơi"),
    Step.SOLD: N_("Bán"),
    Step.RETURNED: N_("Khách trả"),
    Step.RESTOCKED: N_("Cho bán lại"),
    Step.DESTROYED: N_("Huỷ bỏ"),
    Step.RECALLED: N_("Thu hồi"),
    Step.SENSED: N_("Số đo"),
    Step.CERTIFIED: N_("Giấy chứng nhận"),
}
REASONS = {
    "did_not_occur": N_("Việc này không xảy ra"),
    "incorrect_data": N_("Việc có xảy ra, nhưng ghi sai"),
}
READINGS = {
    "Temperature": N_("Nhiệt độ, °C"),
    "RelativeHumidity": N_("Độ ẩm không khí, phần trăm"),
}
UNITS = {"CEL": "°C", "P1": "%", "GRM": "g", "MLT": "ml"}
