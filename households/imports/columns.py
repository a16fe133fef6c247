"""The columns of a commune's list and the headings that commonly mean them. Pure data, from general knowledge and
unverified: see `core.headings`. Numbers of papers are known so that they are never read."""

from core.headings import Column
from core.i18n import N_

COLUMNS: tuple[Column, ...] = (
    Column(
        "household",
        N_("Số hộ"),
        "so ho, ma ho, ho so, ma so ho, so so ho khau, ma ho gia dinh, ho thu, household, household no, household id",
        r"\b(ma|so) (so )?ho\b",
    ),
    Column("head", N_("Tên chủ hộ"), "ten chu ho, ho ten chu ho, ho va ten chu ho, head, head of household"),
    Column(
        "name",
        N_("Họ và tên"),
        "ho ten, ho va ten, ho ten thanh vien, ho va ten thanh vien, ten thanh vien, ho va ten nhan khau, nhan khau, "
        "ho ten nhan khau, thanh vien, name, full name, member",
        r"\bho (va )?ten\b",
    ),
    Column(
        "relation",
        N_("Quan hệ với chủ hộ"),
        "quan he, quan he chu ho, qh voi chu ho, qh chu ho, moi quan he, la gi trong nha, relation, relationship",
        r"\b(quan he|qh)\b",
    ),
    Column("birth_male", N_("Năm sinh của nam"), "nam sinh nam, ngay sinh nam, sinh nam nam"),
    Column("birth_female", N_("Năm sinh của nữ"), "nam sinh nu, ngay sinh nu"),
    Column(
        "birth",
        N_("Ngày hoặc năm sinh"),
        "ngay sinh, nam sinh, ngay thang nam sinh, sinh ngay, sinh nam, ns, birth, born, date of birth, year of birth",
        r"\b(ngay|nam) .*sinh\b",
    ),
    Column("sex", N_("Nam hay nữ"), "gioi tinh, gioi, gt, nam nu, sex, gender"),
    Column("ethnic", N_("Dân tộc"), "dan toc, dt, thanh phan dan toc, ethnic group, ethnicity"),
    Column(
        "village",
        N_("Thôn, bản hoặc tổ"),
        "thon, ban, to, thon ban, thon to, to dan pho, xom, ap, dia chi, noi o, village, hamlet",
        r"\b(thon|xom|ban|to dan pho)\b",
    ),
    Column("phone", N_("Số điện thoại"), "dien thoai, sdt, so dt, dt di dong, phone, mobile", r"\bdien thoai\b"),
    Column(
        "unread",
        N_("Số giấy tờ: không đọc"),
        "cccd, cmnd, so cccd, so cmnd, can cuoc, so can cuoc, so dinh danh, ma dinh danh, so ho chieu, id number",
        r"\b(cccd|cmnd|can cuoc|dinh danh)\b",
    ),
)  # fmt: skip
TITLES = {one.key: one.title for one in COLUMNS}
