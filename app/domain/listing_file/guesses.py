"""Guess the career cluster of a foreign category and the type of a programme from the words people use for them."""

import re
from collections.abc import Mapping

from app.domain.listing_file.columns import plain_name

# Words of categories → the National Career Clusters (Advance CTE, 2024), with the names of the sixteen older ones.
_CLUSTER_WORDS: dict[str, str] = {
    "advanced_manufacturing": "manufacturing, advanced manufacturing, engineering, stem, robotics, machining, welding, "
    "manufactura, ingenieria, robotica, fabricacion, maker, makers, 3d printing, science technology engineering mathematics",
    "agriculture": "agriculture, food and natural resources, agriculture food natural resources, farming, gardening, "
    "animals, zoology, veterinary, plants, horticulture, agricultura, animales, zoologia, jardineria, agribusiness, "
    "animal science, pets, veterinaria",
    "arts_entertainment_design": "arts, art, arts a v technology communications, audio video technology, design, designing, "
    "media, performance, performing arts, music, dance, theater, theatre, film, photography, fashion, storytelling, writing, "
    "literature, visual arts, arts entertainment design, artes, arte, diseno, musica, danza, teatro, cine, fotografia, "
    "escritura, medios, crafts, culture, cultura, journalism, periodismo, humanities, entertainment, drama, poetry",
    "construction": "construction, architecture, architecture construction, building trades, carpentry, electrical, plumbing, "
    "construccion, arquitectura, carpinteria, oficios, skilled trades, trades",
    "digital_technology": "digital technology, information technology, it, technology, coding, computers, computer science, "
    "programming, software, games, gaming, cybersecurity, data science, web, tecnologia, informatica, programacion, "
    "computacion, digital, ai, artificial intelligence",
    "education": "education, education training, teaching, tutoring, early childhood, child care, childcare, reading, "
    "literacy, libraries, languages, educacion, ensenanza, tutoria, lectura, idiomas, academics, academic, academic support",
    "energy_natural_resources": "energy, natural resources, environment, environmental, earth science, exploring earth, earth, "
    "nature, conservation, ecology, sustainability, climate, energia, medio ambiente, naturaleza, ecologia, sostenibilidad, "
    "recursos naturales, geology, outdoors, green",
    "financial_services": "finance, financial, financial services, banking, accounting, insurance, money, finanzas, banca, "
    "contabilidad, seguros, servicios financieros, financial literacy",
    "healthcare_human_services": "health, healthcare, health care, health science, human services, medicine, medical, nursing, "
    "wellness, fitness, sports, sport, mental health, social services, nutrition, salud, medicina, enfermeria, bienestar, "
    "deportes, deporte, servicios humanos, athletics, recreation and wellness, biotechnology, counseling, therapy",
    "hospitality_events_tourism": "hospitality, tourism, hospitality tourism, culinary, cooking, food service, restaurants, "
    "events, travel, recreation, hotel, turismo, hosteleria, hospitalidad, cocina, gastronomia, eventos, leisure, culinary arts",
    "management_entrepreneurship": "business, business management administration, management, entrepreneurship, "
    "administration, leadership, work career, career, careers, career readiness, work, job readiness, negocios, "
    "administracion, emprendimiento, liderazgo, gestion, empleo, carreras, office, college career, college and career",
    "marketing_sales": "marketing, sales, retail, advertising, public relations, ventas, mercadeo, publicidad, comercio, "
    "mercadotecnia, marketing sales, social media",
    "public_service_safety": "government, public administration, government public administration, law, legal, public safety, "
    "law public safety corrections security, community, community action, civic, civics, civic engagement, politics, social "
    "justice, activism, police, fire, military, gobierno, derecho, seguridad, comunidad, accion comunitaria, servicio publico, "
    "seguridad publica, politica, justice, community service, volunteering, public service, nonprofit",
    "supply_chain_transportation": "transportation, logistics, distribution, supply chain, transportation distribution logistics, "
    "automotive, aviation, warehouse, transporte, logistica, cadena de suministro, automotriz, aviacion, trucking, maritime",
}
CLUSTER_ALIASES: dict[str, str] = {
    **{alias.strip(): code for code, aliases in _CLUSTER_WORDS.items() for alias in aliases.split(",")},
    **{code.replace("_", " "): code for code in _CLUSTER_WORDS},
}

# Type → words, the more particular type first: «pre-apprenticeship» before «apprenticeship», «job shadow» before «tour».
_TYPE_WORDS: tuple[tuple[str, str], ...] = (
    ("registered_apprenticeship", r"registered apprentices?(?:hips?)?|aprendizaje registrado"),
    ("youth_apprenticeship", r"youth apprentices?(?:hips?)?|aprendizaje juvenil"),
    ("pre_apprenticeship", r"(?:pre ?)?apprentices?(?:hips?)?|preaprendizaje|aprendices"),
    ("micro_internship", r"micro ?internships?|micropasantias?"),
    ("clinical_experience", r"clinicals?|clinical experience|clinical rotations?|practica clinica"),
    ("cooperative_education", r"co ?op|cooperative education|educacion cooperativa"),
    ("internship", r"interns?|internships?|externships?|pasantias?|becarios?|practicas profesionales"),
    ("job_shadow", r"(?:job )?shadow(?:ing|s)?|observacion laboral|acompanamiento laboral"),
    ("informational_interview", r"informational interviews?|entrevistas? informativas?"),
    ("career_fair", r"(?:career|job|college) (?:fair|day|expo)s?|ferias? (?:de empleo|profesional|laboral)(?:es)?"),
    ("near_peer_mentoring", r"(?:near )?peer mentor(?:ing|s)?|mentoria entre pares"),
    ("mentorship", r"mentor(?:s|ing|ship|ships|ed)?|mentorias?"),
    ("guest_speaker", r"guest speakers?|speaker series|career talks?|charlas?|conferencistas?|conferencias?"),
    ("worksite_tour", r"(?:worksite|workplace|company|industry|factory|plant|site) (?:tour|visit)s?|field trips?|visitas? guiadas?|visitas? (?:a )?empresas?"),
    ("school_based_enterprise", r"school based enterprises?|school stores?|empresa escolar"),
    ("supervised_agricultural_experience", r"supervised agricultural experiences?|sae"),
    ("simulated_workplace", r"simulated workplaces?|virtual enterprises?|empresa simulada"),
    ("industry_project", r"industry projects?|client projects?|capstones?|proyectos? (?:de|con la) industria"),
    ("entrepreneurship", r"entrepreneurs?(?:hip)?|start ?ups?|business plan|emprendimiento|emprendedores"),
    ("service_learning", r"volunteers?|volunteering|community service|service learning|youth corps|voluntari(?:ado|os?|as?)|servicio comunitario|aprendizaje servicio"),
    ("virtual_session", r"virtual|webinars?|online|en linea|remote session"),
)  # fmt: skip
_TYPES = tuple((code, re.compile(rf"\b(?:{words})\b")) for code, words in _TYPE_WORDS)
_TYPE_CODES = {code for code, _ in _TYPES} - {"internship"} | {"internship_paid", "internship_unpaid"}
_LONGEST_ALIAS = 6

# A youth programme of a community organisation that does not say more is learning through doing, outside school, with
# the community: of all types this one promises neither an employer, nor pay, nor a worksite.
DEFAULT_TYPE = "service_learning"


def clusters_of(category: str, aliases: Mapping[str, str]) -> tuple[str, ...]:
    """Give the clusters a category's name speaks of, in the order of its words, the longest known phrases first.

    `aliases` maps phrases (as `plain_name` writes them) to cluster codes. An empty result means that nobody can tell.
    """
    words = plain_name(category).split()
    whole = aliases.get(" ".join(words))
    if whole is not None:
        return (whole,)
    found: dict[str, None] = {}
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST_ALIAS, len(words) - at), 0, -1):
            code = aliases.get(" ".join(words[at : at + length]))
            if code is not None:
                found[code] = None
                at += length - 1
                break
        at += 1
    return tuple(found)


def type_of(*texts: str) -> str | None:
    """Give the type of opportunity that the first text with a known word speaks of, or None.

    The codes are those of the table of opportunity types, but for `internship`, whose two kinds differ by pay.
    """
    for text in texts:
        plain = plain_name(text)
        if plain.replace(" ", "_") in _TYPE_CODES:
            return plain.replace(" ", "_")
        for code, words in _TYPES:
            if words.search(plain):
                return code
    return None
