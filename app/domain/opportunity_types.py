"""The kinds of opportunity, where each stands on the continuum of work-based learning, and its CEDS option."""

from enum import StrEnum
from typing import NamedTuple

from app.domain.codes import Names


class Stage(StrEnum):
    """Learning about, through, or at work."""

    ABOUT = "about_work"
    THROUGH = "through_work"
    AT = "at_work"


class Workflow(StrEnum):
    """How a student comes to take part."""

    PURSUIT = "pursuit"  # asks to pursue, is approved, lands it, is placed
    ENROLLMENT = "enrollment"  # takes a seat in a session


class OpportunityTypeCode(StrEnum):
    """An opportunity type's code."""

    CAREER_FAIR = "career_fair"
    GUEST_SPEAKER = "guest_speaker"
    WORKSITE_TOUR = "worksite_tour"
    INFORMATIONAL_INTERVIEW = "informational_interview"
    VIRTUAL_SESSION = "virtual_session"
    JOB_SHADOW = "job_shadow"
    MENTORSHIP = "mentorship"
    NEAR_PEER_MENTORING = "near_peer_mentoring"
    SERVICE_LEARNING = "service_learning"
    MICRO_INTERNSHIP = "micro_internship"
    INDUSTRY_PROJECT = "industry_project"
    INTERNSHIP_UNPAID = "internship_unpaid"
    INTERNSHIP_PAID = "internship_paid"
    COOPERATIVE_EDUCATION = "cooperative_education"
    CLINICAL_EXPERIENCE = "clinical_experience"
    SCHOOL_BASED_ENTERPRISE = "school_based_enterprise"
    SUPERVISED_AGRICULTURAL_EXPERIENCE = "supervised_agricultural_experience"
    PRE_APPRENTICESHIP = "pre_apprenticeship"
    YOUTH_APPRENTICESHIP = "youth_apprenticeship"
    REGISTERED_APPRENTICESHIP = "registered_apprenticeship"
    ENTREPRENEURSHIP = "entrepreneurship"
    SIMULATED_WORKPLACE = "simulated_workplace"


class OpportunityType(NamedTuple):
    """One kind: its names, its stage, and the option of CEDS element 001499 it maps to, if there is one."""

    names: Names
    stage: Stage
    ceds: str | None


_T = OpportunityType

# CEDS: Common Education Data Standards, element 001499 "Work-based Learning Opportunity Type". Its other options
# (NonPaidInternship, OnTheJob, Other) have no kind here; it knows one apprenticeship and no pre-apprenticeship.
OPPORTUNITY_TYPES: dict[OpportunityTypeCode, OpportunityType] = {
    OpportunityTypeCode.CAREER_FAIR: _T(Names("Career fair", "Feria de profesiones"), Stage.ABOUT, None),
    OpportunityTypeCode.GUEST_SPEAKER: _T(Names("Guest speaker", "Charla de una persona invitada"), Stage.ABOUT, None),
    OpportunityTypeCode.WORKSITE_TOUR: _T(Names("Worksite tour", "Visita a un lugar de trabajo"), Stage.ABOUT, None),
    OpportunityTypeCode.INFORMATIONAL_INTERVIEW: _T(Names("Informational interview", "Entrevista informativa"), Stage.ABOUT, None),
    OpportunityTypeCode.VIRTUAL_SESSION: _T(Names("Virtual session", "Sesión virtual"), Stage.ABOUT, None),
    OpportunityTypeCode.JOB_SHADOW: _T(Names("Job shadow", "Observación de un puesto de trabajo"), Stage.ABOUT, "JobShadowing"),
    OpportunityTypeCode.MENTORSHIP: _T(Names("Mentorship", "Mentoría"), Stage.THROUGH, "Mentorship"),
    OpportunityTypeCode.NEAR_PEER_MENTORING: _T(Names("Near-peer mentoring", "Mentoría entre pares"), Stage.THROUGH, "Mentorship"),
    OpportunityTypeCode.SERVICE_LEARNING: _T(Names("Service learning", "Aprendizaje-servicio"), Stage.THROUGH, "ServiceLearning"),
    OpportunityTypeCode.MICRO_INTERNSHIP: _T(Names("Micro-internship", "Micropasantía"), Stage.THROUGH, None),
    OpportunityTypeCode.INDUSTRY_PROJECT: _T(Names("Industry project", "Proyecto con una empresa"), Stage.THROUGH, None),
    OpportunityTypeCode.INTERNSHIP_UNPAID: _T(Names("Internship (unpaid)", "Pasantía (no remunerada)"), Stage.AT, "UnpaidInternship"),
    OpportunityTypeCode.INTERNSHIP_PAID: _T(Names("Internship (paid)", "Pasantía (remunerada)"), Stage.AT, "PaidInternship"),
    OpportunityTypeCode.COOPERATIVE_EDUCATION: _T(Names("Cooperative education", "Educación cooperativa"), Stage.AT, "CooperativeEducation"),
    OpportunityTypeCode.CLINICAL_EXPERIENCE: _T(Names("Clinical experience", "Experiencia clínica"), Stage.AT, "ClinicalWork"),
    OpportunityTypeCode.SCHOOL_BASED_ENTERPRISE: _T(Names("School-based enterprise", "Empresa escolar"), Stage.THROUGH, "SchoolBasedEnterprise"),
    OpportunityTypeCode.SUPERVISED_AGRICULTURAL_EXPERIENCE: _T(
        Names("Supervised agricultural experience", "Experiencia agrícola supervisada"), Stage.AT, "SupervisedAgricultural"
    ),
    OpportunityTypeCode.PRE_APPRENTICESHIP: _T(Names("Pre-apprenticeship", "Preaprendizaje de oficio"), Stage.AT, None),
    OpportunityTypeCode.YOUTH_APPRENTICESHIP: _T(Names("Youth apprenticeship", "Aprendizaje de oficio juvenil"), Stage.AT, "Apprenticeship"),
    OpportunityTypeCode.REGISTERED_APPRENTICESHIP: _T(
        Names("Registered apprenticeship", "Aprendizaje de oficio registrado"), Stage.AT, "Apprenticeship"
    ),
    OpportunityTypeCode.ENTREPRENEURSHIP: _T(Names("Entrepreneurship", "Emprendimiento"), Stage.THROUGH, "Entrepreneurship"),
    OpportunityTypeCode.SIMULATED_WORKPLACE: _T(Names("Simulated workplace", "Lugar de trabajo simulado"), Stage.THROUGH, "SimulatedWorksite"),
}  # fmt: skip
