"""How bright and how sharp a picture is, measured as buyers see it: at most 640 px wide."""

from PIL import Image, ImageFilter, ImageStat

WIDTH = 640
_LAPLACE = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


def measure(image: Image.Image) -> tuple[int, int]:
    """Mean brightness 0–255, and the variance of the Laplacian in the sharpest of nine parts.

    The sharpest part, since a thing in focus before a plain wall is a good photo, and only one where nothing at all is
    in focus is blurred. image: RGB, no wider than WIDTH, both sides at least 12 px.
    """
    grey = image.convert("L")
    edges = grey.filter(_LAPLACE)
    width, height = (edges.width - 2) // 3, (edges.height - 2) // 3  # the filter leaves a border as it was
    parts = [
        edges.crop((1 + x * width, 1 + y * height, 1 + (x + 1) * width, 1 + (y + 1) * height))
        for x in range(3)
        for y in range(3)
    ]
    sharpest = max(ImageStat.Stat(part).var[0] for part in parts)
    return round(ImageStat.Stat(grey).mean[0]), round(sharpest)
