"""The skills that students name and listings ask for or teach: a fixed vocabulary, so that both find each other.

Work-readiness skills are what employers anywhere ask for; technical ones belong to a line of work. The words are
those by which people look for a skill, in English and Spanish, without accents.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from app.domain.codes import Names


class SkillKind(StrEnum):
    """What kind of skill it is."""

    WORK_READINESS = "work_readiness"
    TECHNICAL = "technical"


class Skill(NamedTuple):
    """A skill: its names, its kind, and other words for it."""

    names: Names
    kind: SkillKind
    words: tuple[str, ...]


_W, _T = SkillKind.WORK_READINESS, SkillKind.TECHNICAL

# code | English | Spanish | kind | other words
_ROWS = (
    ("communication", "Communication", "Comunicación", _W, "speaking explaining hablar explicar"),
    ("writing", "Writing", "Redacción", _W, "letters reports escritura informes"),
    ("listening", "Active listening", "Escucha activa", _W, "escuchar"),
    ("teamwork", "Teamwork", "Trabajo en equipo", _W, "collaboration cooperation colaboracion"),
    ("leadership", "Leadership", "Liderazgo", _W, "leading dirigir"),
    ("problem_solving", "Problem solving", "Resolución de problemas", _W, "troubleshooting resolver"),
    ("critical_thinking", "Critical thinking", "Pensamiento crítico", _W, "reasoning analysis analisis"),
    ("creativity", "Creativity", "Creatividad", _W, "ideas innovation innovacion"),
    ("time_management", "Time management", "Gestión del tiempo", _W, "deadlines plazos"),
    ("organization", "Organization", "Organización", _W, "filing planning ordenar planificar"),
    ("punctuality", "Punctuality", "Puntualidad", _W, "reliability on time responsabilidad"),
    ("adaptability", "Adaptability", "Adaptabilidad", _W, "flexibility flexibilidad"),
    ("initiative", "Initiative", "Iniciativa", _W, "self starter autonomia"),
    ("attention_to_detail", "Attention to detail", "Atención al detalle", _W, "accuracy precision"),
    ("customer_service", "Customer service", "Atención al cliente", _W, "customers clients clientes"),
    ("conflict_resolution", "Conflict resolution", "Resolución de conflictos", _W, "mediation mediacion"),
    ("cultural_awareness", "Cultural awareness", "Sensibilidad cultural", _W, "diversity diversidad"),
    ("public_speaking", "Public speaking", "Hablar en público", _W, "presentations presentaciones"),
    ("networking", "Networking", "Hacer contactos", _W, "meeting people relaciones"),
    ("financial_literacy", "Financial literacy", "Educación financiera", _W, "budget money presupuesto"),
    ("bilingual_communication", "Bilingual communication", "Comunicación bilingüe", _W, "spanish english idiomas"),
    ("research", "Research", "Investigación", _W, "sources fuentes investigar"),
    ("teaching", "Teaching and tutoring", "Enseñar y dar clases de apoyo", _W, "tutor coaching ensenar"),
    ("project_management", "Project management", "Gestión de proyectos", _W, "scheduling coordination proyectos"),
    ("sales", "Sales", "Ventas", _T, "selling retail vender"),
    ("marketing", "Marketing", "Mercadotecnia", _T, "advertising campaigns publicidad marketing"),
    ("social_media", "Social media", "Redes sociales", _T, "posts content instagram contenido"),
    ("spreadsheets", "Spreadsheets", "Hojas de cálculo", _T, "excel tables tablas"),
    ("word_processing", "Word processing", "Procesador de textos", _T, "documents word documentos"),
    ("data_analysis", "Data analysis", "Análisis de datos", _T, "statistics charts estadistica"),
    ("data_entry", "Data entry", "Captura de datos", _T, "typing records registros"),
    ("bookkeeping", "Bookkeeping", "Contabilidad básica", _T, "accounting invoices facturas"),
    ("programming", "Programming", "Programación", _T, "coding python java code programar"),
    ("web_development", "Web development", "Desarrollo web", _T, "html css javascript websites paginas"),
    ("cybersecurity", "Cybersecurity", "Ciberseguridad", _T, "security networks seguridad informatica"),
    ("computer_repair", "Computer support and repair", "Soporte y reparación de computadoras", _T, "hardware help desk computadora"),
    ("robotics", "Robotics", "Robótica", _T, "automation arduino automatizacion"),
    ("graphic_design", "Graphic design", "Diseño gráfico", _T, "layout illustrator photoshop diseno"),
    ("photography", "Photography", "Fotografía", _T, "camera photos fotos camara"),
    ("video_production", "Video production", "Producción de video", _T, "editing film edicion"),
    ("audio_production", "Audio production", "Producción de audio", _T, "sound recording podcast sonido"),
    ("drafting_cad", "Drafting and CAD", "Dibujo técnico y CAD", _T, "autocad blueprints planos"),
    ("carpentry", "Carpentry", "Carpintería", _T, "woodworking wood madera"),
    ("electrical_work", "Electrical work", "Instalaciones eléctricas", _T, "wiring circuits electricidad"),
    ("plumbing", "Plumbing", "Plomería", _T, "pipes tuberias fontaneria"),
    ("welding", "Welding", "Soldadura", _T, "metal fabrication soldar"),
    ("machining", "Machining", "Mecanizado", _T, "cnc lathe torno"),
    ("auto_repair", "Automotive repair", "Reparación de automóviles", _T, "engines cars mecanica autos"),
    ("hand_and_power_tools", "Hand and power tools", "Herramientas manuales y eléctricas", _T, "drill saw herramienta"),
    ("workplace_safety", "Workplace safety", "Seguridad en el trabajo", _T, "osha ppe seguridad"),
    ("patient_care", "Patient care", "Atención a pacientes", _T, "nursing hospital enfermeria"),
    ("first_aid", "First aid and CPR", "Primeros auxilios y RCP", _T, "emergency cpr emergencia"),
    ("laboratory_methods", "Laboratory methods", "Técnicas de laboratorio", _T, "lab samples muestras"),
    ("animal_care", "Animal care", "Cuidado de animales", _T, "veterinary pets veterinaria mascotas"),
    ("child_care", "Child care", "Cuidado infantil", _T, "children early childhood ninos"),
    ("elder_care", "Elder care", "Cuidado de personas mayores", _T, "seniors mayores"),
    ("cooking", "Cooking", "Cocina", _T, "culinary kitchen chef cocinar"),
    ("food_safety", "Food safety", "Higiene de los alimentos", _T, "servsafe handling higiene"),
    ("hospitality", "Hospitality", "Hospitalidad", _T, "hotel guests huespedes"),
    ("event_planning", "Event planning", "Organización de eventos", _T, "events eventos"),
    ("gardening", "Gardening and landscaping", "Jardinería y paisajismo", _T, "plants landscaping plantas"),
    ("farming", "Farming", "Agricultura", _T, "crops livestock cultivos ganado"),
    ("environmental_monitoring", "Environmental monitoring", "Monitoreo ambiental", _T, "water soil conservation agua suelo"),
    ("inventory", "Inventory and warehousing", "Inventario y almacén", _T, "stock logistics logistica"),
    ("driving", "Driving", "Conducir", _T, "delivery license reparto"),
    ("legal_research", "Legal research", "Investigación jurídica", _T, "law courts leyes"),
    ("interpreting", "Interpreting and translation", "Interpretación y traducción", _T, "translate traducir"),
    ("music_performance", "Music performance", "Interpretación musical", _T, "band singing musica canto"),
    ("sewing", "Sewing and textiles", "Costura y textiles", _T, "fashion fabric moda tela"),
    ("hair_and_beauty", "Hair and beauty", "Peluquería y belleza", _T, "barber cosmetology salon"),
)  # fmt: skip

SKILLS: Mapping[str, Skill] = {
    code: Skill(Names(english, spanish), kind, tuple(words.split()))
    for code, english, spanish, kind, words in _ROWS
}
