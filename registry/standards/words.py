"""Columns of the points table in everyday words."""

from core.i18n import N_

COLUMN_NAMES: dict[str, str] = {
    "dong_bang_song_hong": N_("Đồng bằng sông Hồng"),
    "mien_nui_phia_bac": N_("Trung du và miền núi phía Bắc"),
    "bac_trung_bo": N_("Bắc Trung Bộ"),
    "nam_trung_bo_tay_nguyen": N_("Nam Trung Bộ và Tây Nguyên"),
    "dong_nam_bo": N_("Đông Nam Bộ"),
    "dong_bang_song_cuu_long": N_("Đồng bằng sông Cửu Long"),
    "urban": N_("Thành thị"),
}
