"""The tables of traceability, and of the parts below it, whose rows the log seals."""

from sqlalchemy import select

from catalog.models import Certificate, CertificateSighting, CertificateTerm
from cooperatives.models import SettlementTerms, TermsGrade
from cooperatives.terms.models import TermsClause
from traceability.epcis.models import EpcisEvent
from traceability.log.sealed import seal
from traceability.models import Batch, BatchInput, Lot, Movement, Slip, SlipVoid

_CLOSED = select(Batch.id).where(Batch.state == "closed")

seal(EpcisEvent, but=("document",))  # the document has a leaf of its own
seal(Slip)
seal(SlipVoid)
seal(Movement)
seal(Batch, "code", "cooperative_id", "recipe_id", "made_on", "opened_at", "closed_at", "input_g", "output_g",
     ready=Batch.state == "closed")  # fmt: skip
seal(BatchInput, ready=BatchInput.batch_id.in_(_CLOSED))
seal(Lot, "code", "cooperative_id", "product_id", "batch_id", "made_on", "expires_on", "output_g",
     ready=(Lot.kind == "real") & Lot.batch_id.is_not(None))  # fmt: skip
seal(Certificate, "cooperative_id", "product_id", "kind", "number", "issuer", "valid_from", "valid_to", "scan",
     "scope", "covers", "revision", ready=Certificate.id > 0, revision="revision")  # fmt: skip
seal(CertificateTerm)
seal(CertificateSighting)
seal(SettlementTerms)
seal(TermsGrade)
seal(TermsClause)
