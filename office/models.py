"""The tables of the office: recalls, dossiers, and what goes to systems elsewhere."""

from office.connectors.models import ConnectorAccount, ConnectorLetter
from office.ocop.models import OcopDossier, OcopPiece, OcopStep
from office.recalls.models import RecallCase, RecallStep

__all__ = [
    "ConnectorAccount",
    "ConnectorLetter",
    "OcopDossier",
    "OcopPiece",
    "OcopStep",
    "RecallCase",
    "RecallStep",
]
