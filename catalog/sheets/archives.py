"""ZIP files from anybody: opened only within limits, never unpacked to a folder. Workbooks are ZIP files too. Pure.

A hostile archive may hold too many files, files that grow a thousandfold, names that climb out of a folder, archives
within archives, or a lock. Sizes are those the archive declares; Python's reader never gives more than was declared.
"""

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

from catalog.rules import PHOTO_MAX_BYTES
from core.errors import Invalid
from core.i18n import N_
from core.text import fold

ENTRIES_MAX = 1_000
RATIO_MAX, RATIO_FROM_BYTES = (
    100,
    1_000_000,
)  # a big file that shrank more than a hundredfold is no honest one
UNPACKED_MAX = {"sheet": 60_000_000, "photos": 300_000_000}
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif")
TABLES = (".xlsx", ".csv", ".txt")
_NESTED = (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz")


@dataclass(frozen=True)
class Archive:
    """An archive that may be opened. pictures: folded file name → path inside. tables: paths of tables inside."""

    data: bytes
    pictures: dict[str, str]
    tables: tuple[str, ...] = ()

    def read(self, path: str) -> bytes:
        """The bytes of one file inside. Raises Invalid for a broken one."""
        try:
            with zipfile.ZipFile(BytesIO(self.data)) as opened:
                return opened.read(path)
        except BROKEN as error:
            raise Invalid(
                N_("tệp %(name)s trong ZIP bị hỏng"), remedy=N_("nén lại thư mục ảnh"), name=_short(path)
            ) from error


BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,  # what zipfile raises over a kind of compression that it does not know
    RuntimeError,  # and over an encrypted member
    OSError,
    EOFError,
    ValueError,
    KeyError,
    zlib.error,
)


def checked(data: bytes, kind: str = "sheet", field: str = "sheet") -> zipfile.ZipFile:
    """An archive within the limits for its kind ('sheet', 'photos'). Raises Invalid, saying which limit it breaks."""
    try:
        opened = zipfile.ZipFile(BytesIO(data))
        entries = opened.infolist()
    except BROKEN as error:
        raise Invalid(
            N_("Tệp nén này hỏng, không mở được."), remedy=N_("Nén lại rồi gửi lại."), field=field
        ) from error
    if len(entries) > ENTRIES_MAX:
        raise Invalid(
            N_("Tệp nén có %(count)s tệp, nhiều nhất %(most)s."),
            remedy=N_("Chia làm nhiều tệp, gửi từng tệp một."),
            field=field,
            count=len(entries),
            most=ENTRIES_MAX,
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise Invalid(N_("Tệp nén có mật khẩu."), remedy=N_("Nén lại không đặt mật khẩu."), field=field)
    for entry in entries:
        _check_entry(entry, field)
    if sum(entry.file_size for entry in entries) > UNPACKED_MAX[kind]:
        raise Invalid(
            N_("Tệp nén mở ra lớn quá %(most)s MB."),
            remedy=N_("Chia làm nhiều tệp, gửi từng tệp một."),
            field=field,
            most=UNPACKED_MAX[kind] // 1_000_000,
        )
    return opened


def _check_entry(entry: zipfile.ZipInfo, field: str) -> None:
    name = entry.filename
    if name.startswith(("/", "\\")) or ":" in name[:3] or ".." in name.replace("\\", "/").split("/"):
        raise Invalid(
            N_("Tệp nén có tên tệp lạ: %(name)s."),
            remedy=N_("Nén lại thư mục ảnh rồi gửi lại."),
            field=field,
            name=_short(name),
        )
    if entry.file_size > RATIO_FROM_BYTES and entry.file_size > RATIO_MAX * max(1, entry.compress_size):
        raise Invalid(
            N_("%(name)s nén chặt khác thường, có thể là tệp phá máy."),
            remedy=N_("Lưu lại bảng thành .xlsx mới rồi gửi."),
            field=field,
            name=_short(name),
        )


def _short(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())[-40:]


def open_archive(data: bytes, field: str = "photos") -> Archive:
    """The pictures of a ZIP by folded name, and the tables in it. Raises Invalid.

    Other files are passed over; a folder's name counts as nothing, so two pictures of one name are refused.
    """
    with checked(data, "photos", field) as opened:
        entries = [
            entry for entry in opened.infolist() if not entry.is_dir() and not _is_rubbish(entry.filename)
        ]
    pictures: dict[str, str] = {}
    for entry in entries:
        bare = entry.filename.rpartition("/")[2]
        if bare.lower().endswith(_NESTED):
            raise Invalid(
                N_("Trong tệp nén có tệp nén khác: %(name)s."),
                remedy=N_("Để ảnh thẳng trong một tệp ZIP."),
                field=field,
                name=_short(bare),
            )
        if bare.lower().endswith(PICTURES):
            _add_picture(pictures, entry, bare, field)
    return Archive(
        data, pictures, tuple(one.filename for one in entries if one.filename.lower().endswith(TABLES))
    )


def _is_rubbish(name: str) -> bool:
    """What phones and computers add: '__MACOSX/', '.DS_Store', 'Thumbs.db', '~$table.xlsx'."""
    bare = name.rpartition("/")[2]
    return name.startswith("__MACOSX/") or bare.startswith((".", "~$")) or bare == "Thumbs.db"


def _add_picture(pictures: dict[str, str], entry: zipfile.ZipInfo, bare: str, field: str) -> None:
    if entry.file_size > PHOTO_MAX_BYTES:
        raise Invalid(
            N_("%(name)s: Ảnh nặng quá 16 MB."),
            remedy=N_("Chụp lại ở cỡ vừa."),
            field=field,
            name=_short(bare),
        )
    if fold(bare) in pictures:
        raise Invalid(
            N_("Có hai ảnh cùng tên %(name)s."), remedy=N_("Đổi tên một ảnh."), field=field, name=_short(bare)
        )
    pictures[fold(bare)] = entry.filename


def pictures_for(archive: Archive | None, words: list[str]) -> list[str]:
    """File names that are one of these words, without ending and number: 'SP01.jpg', 'SP01-2.jpg', 'Miến dong_1.png'.

    words: a product's code and name.
    """
    if archive is None:
        return []
    wanted = {_stem(word) for word in words if word}
    return [name for name in sorted(archive.pictures) if _stem(name.rpartition(".")[0]) in wanted]


def _stem(name: str) -> str:
    bare = "".join(letter if letter.isalnum() else " " for letter in fold(name))
    return "".join(re.sub(r"(?<=\w) (\d{1,2})$", "", " ".join(bare.split())).split())
