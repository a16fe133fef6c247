"""The words of the Core Business Vocabulary 2.0 that an event may use bare, and the URIs they stand for. Facts only.

Sources: CBV 2.0 sections 7.1 (business steps), 7.2 (dispositions), 7.3 (business transaction types), 7.4 (source and
destination types), 7.5 (error reasons), 7.6 (components); GS1 Web Vocabulary for measurement and alert types.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CBV, VOC = "https://ref.gs1.org/cbv/", "https://gs1.org/voc/"

BIZ_STEPS = _words(
    """
    accepting arriving assembling collecting commissioning consigning creating_class_instance
    cycle_counting decommissioning departing destroying disassembling dispensing encoding
    entering_exiting holding inspecting installing killing loading other packing picking receiving
    removing repackaging repairing replacing reserving retail_selling shipping staging_outbound
    stock_taking stocking storing transporting unloading unpacking void_shipping sensor_reporting
    sampling
    """
)  # CBV 7.1
DISPOSITIONS = _words(
    """
    active container_closed damaged destroyed dispensed disposed encoded expired in_progress in_transit
    inactive no_pedigree_match non_sellable_other partially_dispensed recalled reserved retail_sold
    returned sellable_accessible sellable_not_accessible stolen unknown available completeness_verified
    completeness_inferred conformant container_open mismatch_instance mismatch_class mismatch_quantity
    needs_replacement non_conformant unavailable
    """
)  # CBV 7.2
BIZ_TRANSACTIONS = _words(
    """
    bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt
    """
)  # CBV 7.3
PARTIES = _words(
    """
    owning_party possessing_party location
    """
)  # CBV 7.4
ERROR_REASONS = _words(
    """
    did_not_occur incorrect_data
    """
)  # CBV 7.5
COMPONENTS = _words(
    """
    x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting northing
    latitude longitude altitude
    """
)  # CBV 7.6
MEASUREMENTS = _words(
    """
    AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Radioactivity Altitude AmountOfSubstance
    AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area
    Capacitance Conductance Conductivity Count Density Dimensionless DoseEquivalent DoseEquivalentRate
    DynamicViscosity ElectricCharge ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy
    Exposure Force Frequency Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum
    Luminance LuminousFlux LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential
    Mass MassConcentration MassFlowRate MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy
    MolarMass MolarVolume Power Pressure RadiantFlux RadiantIntensity RelativeHumidity Resistance
    Resistivity SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension Temperature Time Torque
    Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber
    """
)  # of a sensor report
ALERTS = _words(
    """
    ALARM_CONDITION ERROR_CONDITION
    """
)  # of a sensor report
EVENT_TYPES = (
    "ObjectEvent",
    "AggregationEvent",
    "TransactionEvent",
    "TransformationEvent",
    "AssociationEvent",
)

# Which URI a bare word stands for, by the field it stands in.
SPELLED: dict[str, tuple[frozenset[str], str]] = {
    "bizStep": (BIZ_STEPS, CBV + "BizStep-"),
    "disposition": (DISPOSITIONS, CBV + "Disp-"),
    "set": (DISPOSITIONS, CBV + "Disp-"),
    "unset": (DISPOSITIONS, CBV + "Disp-"),
    "bizTransactionList.type": (BIZ_TRANSACTIONS, CBV + "BTT-"),
    "sourceList.type": (PARTIES, CBV + "SDT-"),
    "destinationList.type": (PARTIES, CBV + "SDT-"),
    "reason": (ERROR_REASONS, CBV + "ER-"),
    "sensorReport.type": (MEASUREMENTS, VOC),
    "sensorReport.exception": (ALERTS, VOC),
    "sensorReport.component": (COMPONENTS, CBV + "Comp-"),
}
URNS = {
    "urn:epcglobal:cbv:bizstep:": CBV + "BizStep-",
    "urn:epcglobal:cbv:disp:": CBV + "Disp-",
    "urn:epcglobal:cbv:btt:": CBV + "BTT-",
    "urn:epcglobal:cbv:sdt:": CBV + "SDT-",
    "urn:epcglobal:cbv:er:": CBV + "ER-",
}
PREFIXES = {
    "epcis": "https://ref.gs1.org/epcis/",
    "cbv": CBV,
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "gs1": VOC,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}  # what the standard's own context declares


def spelled_out(field: str, word: str) -> str:
    """The full URI of a bare word in its field, or of an old URN; anything else as it came.

    >>> spelled_out("bizStep", "shipping")
    'https://ref.gs1.org/cbv/BizStep-shipping'
    """
    words, stem = SPELLED.get(field, (frozenset[str](), ""))
    if word in words:
        return stem + word
    for old, new in URNS.items():
        if word.startswith(old):
            return new + word.removeprefix(old)
    return word
