"""The tables of disclosures."""

from disclosures.models.evidence import Approval, Package, Step
from disclosures.models.requests import DisclosureRequest, ReferenceYear
from disclosures.models.scope import ScopeItem, Subject

__all__ = ["Approval", "DisclosureRequest", "Package", "ReferenceYear", "ScopeItem", "Step", "Subject"]
