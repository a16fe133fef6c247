"""Which lots and which plots a paper names. The paper itself lies in the catalogue."""

from sqlalchemy.orm import Mapped

from core.db import Base, ref


class CertificateLot(Base):
    """A lot that a paper names, as a test report does."""

    __tablename__ = "certificate_lot"
    certificate_id: Mapped[int] = ref("certificate.id", index=False, primary_key=True)
    lot_id: Mapped[int] = ref("lot.id", primary_key=True)


class CertificatePlot(Base):
    """A plot that a paper names, as a growing-area code does. Never on a public page."""

    __tablename__ = "certificate_plot"
    certificate_id: Mapped[int] = ref("certificate.id", index=False, primary_key=True)
    plot_id: Mapped[int] = ref("plot.id", primary_key=True)
