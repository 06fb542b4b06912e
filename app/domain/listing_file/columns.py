"""Tell which column of a foreign file holds which field of a listing, from the names people give their columns."""

import re
import unicodedata
from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass

from app.domain.listing_file.encoding import mend
from app.domain.listing_file.faults import MappingRefused

# Field → the names its column goes by, in English and Spanish; the first field and the first column win.
ALIASES: dict[str, tuple[str, ...]] = {
    "title": (
        "title", "name", "program", "programme", "opportunity", "activity", "event", "position", "role", "job",
        "internship", "listing", "course", "class", "what", "titulo", "nombre", "programa", "oportunidad", "actividad",
        "evento", "puesto", "pasantia", "nombre del programa", "nombre de la oportunidad", "nombre de la actividad",
    ),
    "organisation": (
        "organisation", "organization", "org", "org name", "organisation name", "organization name", "employer",
        "employer name", "company", "company name", "business", "business name", "agency", "provider", "provider name",
        "host", "host organization", "host organisation", "sponsor", "partner", "institution", "site name", "offered by",
        "organizacion", "nombre de la organizacion", "empresa", "nombre de la empresa", "empleador", "entidad",
        "institucion", "compania", "agencia", "patrocinador",
    ),
    "description": (
        "description", "long description", "full description", "details", "summary", "about", "overview", "abstract",
        "short description", "desc", "descripcion", "detalle", "detalles", "resumen", "acerca de",
    ),
    "street": (
        "street", "street address", "address", "address 1", "address1", "address line 1", "addr", "location address",
        "site address", "where", "location", "venue", "calle", "direccion", "domicilio", "lugar", "ubicacion",
    ),
    "city": ("city", "town", "municipality", "locality", "ciudad", "municipio", "localidad", "poblacion"),
    "region": ("region", "state", "province", "state province", "st", "estado", "provincia", "departamento"),
    "postal_code": (
        "postal code", "postcode", "post code", "zip", "zip code", "zipcode", "postal", "codigo postal", "cp", "c p",
    ),
    "latitude": ("latitude", "lat", "y", "latitud"),
    "longitude": ("longitude", "lon", "lng", "long", "x", "longitud"),
    "minimum_age": (
        "minimum age", "min age", "age min", "age minimum", "age from", "from age", "lowest age", "age", "ages",
        "edad minima", "edad desde", "desde edad", "edad min", "edad",
    ),
    "maximum_age": (
        "maximum age", "max age", "age max", "age maximum", "age to", "to age", "highest age",
        "edad maxima", "edad hasta", "hasta edad", "edad max",
    ),
    "category_code": (
        "category code", "category id", "category no", "cat id", "cluster code", "codigo de categoria", "id categoria",
        "codigo categoria", "id de categoria",
    ),
    "category_name": (
        "category", "category name", "categories", "cluster", "career cluster", "field", "industry", "sector", "subject",
        "theme", "topic", "interest", "pathway", "career pathway", "categoria", "categorias",
        "nombre de categoria", "nombre de la categoria", "area", "industria", "tema", "campo", "rama", "area profesional",
    ),
    "type": (
        "type", "opportunity type", "program type", "programme type", "activity type", "kind", "format", "tipo",
        "tipo de oportunidad", "tipo de programa", "tipo de actividad", "modalidad de aprendizaje",
    ),
    "seats": (
        "seats", "number of seats", "slots", "spots", "openings", "positions", "number of positions", "capacity",
        "max participants", "places", "number of openings", "plazas", "cupos", "cupo", "vacantes", "lugares", "capacidad",
        "numero de plazas", "puestos",
    ),
    "starts_on": (
        "starts on", "start date", "start", "begin date", "begins", "starts", "from", "date", "first day", "date from",
        "fecha de inicio", "inicio", "fecha inicio", "comienza", "desde", "fecha", "empieza",
    ),
    "ends_on": (
        "ends on", "end date", "end", "ends", "until", "to", "last day", "date to", "finish date",
        "fecha de fin", "fin", "fecha fin", "termina", "hasta", "fecha final", "fecha de termino",
    ),
    "url": (
        "url", "link", "website", "web site", "web", "web page", "webpage", "homepage", "registration url", "apply url",
        "registration link", "application link", "program url", "more info", "enlace", "sitio web", "pagina web", "sitio",
    ),
    "remote": (
        "remote", "virtual", "online", "is remote", "is virtual", "is online", "remote or in person", "in person or virtual",
        "remoto", "en linea", "a distancia", "modalidad",
    ),
    "paid": (
        "paid", "pay", "is paid", "paid or unpaid", "compensation", "stipend", "wage", "salary", "hourly rate", "pay rate",
        "pagado", "pagada", "remunerado", "remunerada", "pago", "salario", "remuneracion", "sueldo", "estipendio",
    ),
    "schedule": (
        "schedule", "hours", "time", "times", "days", "days and times", "dates and times", "when", "meeting times",
        "day time", "horario", "horarios", "dias", "horas", "dias y horas", "dias y horarios", "cuando",
    ),
    "clusters": ("clusters", "career clusters", "cluster codes", "areas profesionales"),
    "apply_by": (
        "apply by", "deadline", "application deadline", "apply before", "closing date", "applications close", "due date",
        "registration deadline", "fecha limite", "fecha limite de solicitud", "solicitar antes de", "plazo", "cierre",
    ),
    "meets": (
        "meets", "weekly timetable", "timetable", "weekly hours", "weekly schedule", "horario semanal", "encuentros",
    ),
    "skills": ("skills", "skill", "skills learned", "habilidades", "competencias", "destrezas"),
    "tags": ("tags", "tag", "keywords", "labels", "etiquetas", "palabras clave"),
    "languages": (
        "languages", "language", "languages needed", "languages spoken", "required languages", "idiomas", "idioma",
        "lenguas",
    ),
    "clearances": (
        "clearances", "clearance", "required clearances", "requirements to start", "checks", "autorizaciones", "requisitos previos",
    ),
    "fields": ("fields", "fields of work", "occupations", "occupation", "ocupaciones", "ocupacion", "campos de trabajo"),
    "dress_code": ("dress code", "attire", "clothing", "what to wear", "vestimenta", "codigo de vestimenta", "ropa"),
    "deliverable": ("deliverable", "deliverables", "product", "end product", "entregable", "entregables", "producto"),
    "total_hours": ("total hours", "number of hours", "hours in total", "horas totales", "total de horas", "numero de horas"),
    "hours_a_month": ("hours a month", "hours per month", "monthly hours", "horas al mes", "horas por mes", "horas mensuales"),
    "pay_per_hour": ("pay per hour", "pay an hour", "hourly pay", "hourly wage", "pago por hora", "salario por hora"),
    "pay_total": ("pay total", "total pay", "fee", "pago total", "honorarios"),
    "credit": ("credit", "school credit", "for credit", "credito", "credito escolar", "con credito"),
    "next_available_on": (
        "next available on", "next available", "available from", "next availability", "disponible desde", "proxima disponibilidad",
    ),
    # What tells a listing that was exported from here, and whether anybody edited it since.
    "listing_id": ("listing id", "id del anuncio"),
    "listing_state": ("listing state", "estado del anuncio"),
}  # fmt: skip
FIELDS = tuple(ALIASES)

# Words that make a column one of personal contacts, wherever they stand in its name.
_PERSONAL = frozenset(
    {"email", "mail", "emails", "phone", "phones", "telephone", "tel", "cell", "cellphone", "mobile", "fax", "contact",
     "contacts", "supervisor", "mentor", "coordinator", "instructor", "teacher", "owner", "correo", "telefono", "telefonos",
     "celular", "movil", "contacto", "contactos", "supervisora", "coordinador", "coordinadora", "instructora", "docente",
     "encargado", "encargada", "responsable"}
)  # fmt: skip
_PREFIXES = ("program ", "programme ", "opportunity ", "event ", "listing ", "activity ", "job ", "position ", "site ",
             "internship ", "worksite ", "the ")  # fmt: skip
_OWN_PREFIX = "kithwork "


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which column holds which field, to show and to correct.

    `columns`: field → column name as in the file; `positions`: field → index of that column; `unmapped`: the named columns
    that hold no field; `left_out`: those that hold personal contacts and are never read; `guessed`: False where the caller
    gave the mapping.
    """

    columns: dict[str, str]
    positions: dict[str, int]
    unmapped: tuple[str, ...]
    left_out: tuple[str, ...]
    guessed: bool


def plain_name(name: str) -> str:
    """Reduce a name to small letters and digits parted by single blanks, without accents, to compare it."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", mend(name)[0])
    spread = unicodedata.normalize("NFKD", split).casefold()
    bare = "".join(mark for mark in spread if not unicodedata.combining(mark))
    return " ".join(re.findall(r"[^\W_]+", bare))


_BY_NAME = {plain_name(alias): field for field, aliases in ALIASES.items() for alias in (field, *aliases)}


def field_of(name: str) -> str | None:
    """Tell which field a column of this name most likely holds; bilingual names such as «Title / Título» count too."""
    for part in (name, *re.split(r"[/|(]", name)):
        plain = plain_name(part)
        if plain in _BY_NAME:
            return _BY_NAME[plain]
        for prefix in _PREFIXES:
            if plain.startswith(prefix) and plain[len(prefix) :] in _BY_NAME:
                return _BY_NAME[plain[len(prefix) :]]
    return None


def is_personal(name: str) -> bool:
    """Tell whether a column of this name holds somebody's contact data or name."""
    return not _PERSONAL.isdisjoint(plain_name(name).split())


def is_own(name: str) -> bool:
    """Tell whether this is a column that the list of rejected rows added."""
    return plain_name(name).startswith(_OWN_PREFIX)


def guess_mapping(header: Iterable[str]) -> ColumnMapping:
    """Guess the mapping from the column names alone; each field takes the best-named column, the first of equals."""
    names = [name.strip() for name in header]
    wanted: dict[str, tuple[int, int]] = {}
    for position, name in enumerate(names):
        if not name or is_personal(name) or is_own(name):
            continue
        field = field_of(name)
        if field is None:
            continue
        # `short description` gives way to `description`: the earlier alias is the better name.
        order = [field, *ALIASES[field]]
        plain = plain_name(name)
        rank = next((at for at, alias in enumerate(order) if plain_name(alias) == plain), len(order))
        if field not in wanted or rank < wanted[field][0]:
            wanted[field] = (rank, position)
    return _mapping(names, {field: position for field, (_, position) in wanted.items()}, guessed=True)


def given_mapping(header: Iterable[str], mapping: MappingOf[str, str]) -> ColumnMapping:
    """Check the mapping that the caller gave (field → column name) against the columns of the file.

    Raises `MappingRefused` for a field or a column that does not exist, a column given twice, and a column of contacts.
    """
    names = [name.strip() for name in header]
    plain = [plain_name(name) for name in names]
    shown = ", ".join(name for name in names if name)
    positions: dict[str, int] = {}
    for field, column in mapping.items():
        if field not in ALIASES:
            raise MappingRefused.because("field_unknown", field=field, fields=", ".join(FIELDS))
        exact = [at for at, name in enumerate(names) if name and name == column.strip()]
        alike = [at for at, name in enumerate(plain) if name and name == plain_name(column)]
        found = exact or alike
        if not found:
            raise MappingRefused.because("column_unknown", column=column, columns=shown)
        if len(found) > 1:
            raise MappingRefused.because("column_ambiguous", column=column)
        if is_personal(names[found[0]]):
            raise MappingRefused.because("column_personal", column=column)
        if found[0] in positions.values():
            raise MappingRefused.because("column_twice", column=column)
        positions[field] = found[0]
    return _mapping(names, positions, guessed=False)


def _mapping(names: list[str], positions: dict[str, int], *, guessed: bool) -> ColumnMapping:
    used = set(positions.values())
    rest = [name for at, name in enumerate(names) if name and at not in used and not is_own(name)]
    return ColumnMapping(
        columns={field: names[positions[field]] for field in FIELDS if field in positions},
        positions={field: positions[field] for field in FIELDS if field in positions},
        unmapped=tuple(name for name in rest if not is_personal(name)),
        left_out=tuple(name for name in rest if is_personal(name)),
        guessed=guessed,
    )
