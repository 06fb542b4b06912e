"""What a student, or a host, must show before a placement begins."""

from enum import StrEnum


class ClearanceKind(StrEnum):
    """A clearance's kind."""

    WORK_PERMIT = "work_permit"
    PARENTAL_CONSENT = "parental_consent"
    SAFETY_FORM = "safety_form"
    SAFETY_TRAINING = "safety_training"
    LIABILITY_INSURANCE = "liability_insurance"
    HOST_BACKGROUND_CHECK = "host_background_check"
    STUDENT_BACKGROUND_CHECK = "student_background_check"
    HEALTH_CHECK = "health_check"
    IMMUNIZATIONS = "immunizations"
    TUBERCULOSIS_TEST = "tuberculosis_test"
    DRUG_TEST = "drug_test"
    CONFIDENTIALITY = "confidentiality"
    DRIVING_LICENSE = "driving_license"
    PHOTO_ID = "photo_id"
