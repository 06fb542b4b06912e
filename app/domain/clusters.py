"""The 14 National Career Clusters (2024 framework), and the names of the older 16 that people still use."""

from enum import StrEnum

from app.domain.codes import Names


class Cluster(StrEnum):
    """A career cluster's code."""

    ADVANCED_MANUFACTURING = "advanced_manufacturing"
    AGRICULTURE = "agriculture"
    ARTS_ENTERTAINMENT_DESIGN = "arts_entertainment_design"
    CONSTRUCTION = "construction"
    DIGITAL_TECHNOLOGY = "digital_technology"
    EDUCATION = "education"
    ENERGY_NATURAL_RESOURCES = "energy_natural_resources"
    FINANCIAL_SERVICES = "financial_services"
    HEALTHCARE_HUMAN_SERVICES = "healthcare_human_services"
    HOSPITALITY_EVENTS_TOURISM = "hospitality_events_tourism"
    MANAGEMENT_ENTREPRENEURSHIP = "management_entrepreneurship"
    MARKETING_SALES = "marketing_sales"
    PUBLIC_SERVICE_SAFETY = "public_service_safety"
    SUPPLY_CHAIN_TRANSPORTATION = "supply_chain_transportation"


# Names: Advance CTE, National Career Clusters Framework, 2024; Spanish names are ours.
CLUSTERS: dict[Cluster, Names] = {
    Cluster.ADVANCED_MANUFACTURING: Names("Advanced Manufacturing", "Manufactura avanzada"),
    Cluster.AGRICULTURE: Names("Agriculture", "Agricultura"),
    Cluster.ARTS_ENTERTAINMENT_DESIGN: Names(
        "Arts, Entertainment, & Design", "Artes, entretenimiento y diseño"
    ),
    Cluster.CONSTRUCTION: Names("Construction", "Construcción"),
    Cluster.DIGITAL_TECHNOLOGY: Names("Digital Technology", "Tecnología digital"),
    Cluster.EDUCATION: Names("Education", "Educación"),
    Cluster.ENERGY_NATURAL_RESOURCES: Names("Energy & Natural Resources", "Energía y recursos naturales"),
    Cluster.FINANCIAL_SERVICES: Names("Financial Services", "Servicios financieros"),
    Cluster.HEALTHCARE_HUMAN_SERVICES: Names("Healthcare & Human Services", "Salud y servicios humanos"),
    Cluster.HOSPITALITY_EVENTS_TOURISM: Names(
        "Hospitality, Events, & Tourism", "Hotelería, eventos y turismo"
    ),
    Cluster.MANAGEMENT_ENTREPRENEURSHIP: Names("Management & Entrepreneurship", "Gestión y emprendimiento"),
    Cluster.MARKETING_SALES: Names("Marketing & Sales", "Mercadotecnia y ventas"),
    Cluster.PUBLIC_SERVICE_SAFETY: Names("Public Service & Safety", "Servicio público y seguridad"),
    Cluster.SUPPLY_CHAIN_TRANSPORTATION: Names(
        "Supply Chain & Transportation", "Cadena de suministro y transporte"
    ),
}

# The 16 clusters of the earlier framework, to where most of each one's pathways went.
OLDER_NAMES: dict[str, Cluster] = {
    "Agriculture, Food & Natural Resources": Cluster.AGRICULTURE,
    "Architecture & Construction": Cluster.CONSTRUCTION,
    "Arts, A/V Technology & Communications": Cluster.ARTS_ENTERTAINMENT_DESIGN,
    "Business Management & Administration": Cluster.MANAGEMENT_ENTREPRENEURSHIP,
    "Education & Training": Cluster.EDUCATION,
    "Finance": Cluster.FINANCIAL_SERVICES,
    "Government & Public Administration": Cluster.PUBLIC_SERVICE_SAFETY,
    "Health Science": Cluster.HEALTHCARE_HUMAN_SERVICES,
    "Hospitality & Tourism": Cluster.HOSPITALITY_EVENTS_TOURISM,
    "Human Services": Cluster.HEALTHCARE_HUMAN_SERVICES,
    "Information Technology": Cluster.DIGITAL_TECHNOLOGY,
    "Law, Public Safety, Corrections & Security": Cluster.PUBLIC_SERVICE_SAFETY,
    "Manufacturing": Cluster.ADVANCED_MANUFACTURING,
    "Marketing": Cluster.MARKETING_SALES,
    "Science, Technology, Engineering & Mathematics": Cluster.ENERGY_NATURAL_RESOURCES,
    "Transportation, Distribution & Logistics": Cluster.SUPPLY_CHAIN_TRANSPORTATION,
}
