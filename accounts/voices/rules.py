"""Spoken languages, and what a recording must look like."""

from core.errors import Invalid
from core.i18n import N_

LANGUAGES: dict[str, str] = {
    "vie": N_("tiếng Việt"),
    "tyz": N_("tiếng Tày"),
    "nut": N_("tiếng Nùng"),
    "ium": N_("tiếng Dao"),
    "hmn": N_("tiếng Mông"),
    "rad": N_("tiếng Êđê"),
    "cmo": N_("tiếng M'Nông"),
}
"""By ISO 639-3 code. Of a group with several tongues (Dao, Mông, M'Nông) the code of the one first recorded stands."""

PLACES = (N_("Đăng hàng"), N_("Phiếu cân"), N_("Gói đơn"), N_("Nhờ giúp"), N_("Kê khai"))
"""The pages on which prompts stand."""

RECORDING_MAX_BYTES = 1024 * 1024
KINDS = {
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".m4a": "audio/mp4",
    ".webm": "audio/webm",
    ".wav": "audio/wav",
}


def suffix_of(head: bytes) -> str:
    """Which kind of sound a file is, by its first bytes, as a suffix of `KINDS`; '' for anything else.

    >>> suffix_of(b"OggS" + bytes(30)), suffix_of(b"<svg")
    ('.ogg', '')
    """
    if head.startswith(b"ID3") or (len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return ".mp3"
    if head.startswith(b"OggS") and b"\x00" * 4 in head[:28]:
        return ".ogg"
    if head[4:8] == b"ftyp" and head[8:12] in (b"M4A ", b"mp42", b"mp41", b"isom", b"iso2", b"3gp4", b"3gp5"):
        return ".m4a"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return ".webm"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return ".wav"
    return ""


def check_recording(data: bytes) -> str:
    """The suffix of a recording that may be kept. Raises Invalid at field `sound` for no sound and for too much."""
    if not data:
        raise Invalid(
            N_("Chưa có tệp nào được chọn."), remedy=N_("Ghi bằng máy ghi âm của điện thoại."), field="sound"
        )
    if len(data) > RECORDING_MAX_BYTES:
        raise Invalid(
            N_("Bản ghi nặng quá 1 MB."),
            remedy=N_("Ghi ngắn hơn một phút, hoặc lưu dạng M4A."),
            field="sound",
        )
    suffix = suffix_of(data[:64])
    if not suffix:
        raise Invalid(
            N_("Tệp này không phải bản ghi âm."),
            remedy=N_("Gửi tệp MP3, M4A, OGG, WebM hoặc WAV."),
            field="sound",
        )
    return suffix


def check_language(code: str | None) -> str | None:
    """A spoken language's code, None for none. Raises Invalid for one that is not in the list."""
    if not code:
        return None
    if code not in LANGUAGES:
        raise Invalid(N_("Chọn một tiếng trong danh sách."), field="language")
    return code
