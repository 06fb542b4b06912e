"""What can be wrong with a roster package, in sentences a school's IT can act on, English and Spanish."""

from dataclasses import dataclass

from app.domain.errors import Refused

SHOWN_LENGTH = 80

# {file} {line} {column} {value} {detail}; what {value} and {detail} hold is plain from the sentence.
CODES: dict[str, tuple[str, str]] = {
    # the package as a whole
    "not_a_zip": (
        "The upload is not a ZIP file; send the OneRoster CSV files and manifest.csv zipped together.",
        "El archivo enviado no es un ZIP; envíe los CSV de OneRoster y manifest.csv comprimidos juntos.",
    ),
    "zip_damaged": (
        "The ZIP file is damaged at {value}; export it again and send it complete.",
        "El ZIP está dañado en {value}; expórtelo de nuevo y envíelo completo.",
    ),
    "zip_encrypted": (
        "{value} is protected by a password; send the package without encryption.",
        "{value} está protegido con contraseña; envíe el paquete sin cifrar.",
    ),
    "zip_method": (
        "{value} is packed by a method that is not accepted; zip it with the ordinary method (deflate).",
        "{value} usa un método de compresión no admitido; comprímalo con el método normal (deflate).",
    ),
    "zip_too_large": (
        "Unpacked, the package would hold more than {value}; split it by school and send the parts as delta.",
        "Descomprimido, el paquete pasaría de {value}; divídalo por escuela y envíe las partes como delta.",
    ),
    "zip_too_many_entries": (
        "The package holds more than {value} entries; send manifest.csv and the OneRoster files only.",
        "El paquete tiene más de {value} entradas; envíe solo manifest.csv y los archivos OneRoster.",
    ),
    "too_many_rows": (
        "The package holds more than {value} rows; split it by school and send the parts as delta.",
        "El paquete tiene más de {value} filas; divídalo por escuela y envíe las partes como delta.",
    ),
    "zip_ratio": (
        "{value} unpacks to far more than a roster would; check the file and zip it again.",
        "{value} se expande mucho más de lo que haría una lista escolar; revíselo y comprímalo de nuevo.",
    ),
    "zip_path": (
        "{value} lies in a folder; put all files side by side (one common top folder is accepted).",
        "{value} está en una carpeta; ponga todos los archivos juntos (se admite una sola carpeta común).",
    ),
    "zip_duplicate_entry": (
        "{value} is in the package twice; keep one.",
        "{value} está dos veces en el paquete; deje uno.",
    ),
    "entry_unknown": (
        "{value} is not a file of OneRoster 1.2; take it out of the package.",
        "{value} no es un archivo de OneRoster 1.2; quítelo del paquete.",
    ),
    "manifest_missing": (
        "The package has no manifest.csv; a OneRoster 1.2 package needs one that says which files are bulk, delta or absent.",
        "El paquete no tiene manifest.csv; OneRoster 1.2 exige uno que diga qué archivos son bulk, delta o absent.",
    ),
    "manifest_header": (
        "manifest.csv must begin with the header propertyName,value.",
        "manifest.csv debe empezar con el encabezado propertyName,value.",
    ),
    "manifest_row": (
        "This line of manifest.csv is not a property name and a value.",
        "Esta línea de manifest.csv no es un nombre de propiedad y un valor.",
    ),
    "manifest_property_repeated": (
        "manifest.csv names {value} twice; keep one line.",
        "manifest.csv nombra {value} dos veces; deje una línea.",
    ),
    "manifest_property_unknown": (
        "manifest.csv names {value}, which is not a file of OneRoster 1.2; take the line out.",
        "manifest.csv nombra {value}, que no es un archivo de OneRoster 1.2; quite la línea.",
    ),
    "manifest_version": (
        'manifest.version must be 1.0, here it is "{value}".',
        'manifest.version debe ser 1.0; aquí es "{value}".',
    ),
    "oneroster_version": (
        'oneroster.version must be 1.2, here it is "{value}"; choose the OneRoster 1.2 CSV export in the SIS.',
        'oneroster.version debe ser 1.2; aquí es "{value}"; elija la exportación CSV OneRoster 1.2 en el SIS.',
    ),
    "manifest_mode": (
        '{column} must be absent, bulk or delta, here it is "{value}".',
        '{column} debe ser absent, bulk o delta; aquí es "{value}".',
    ),
    "file_missing": (
        "manifest.csv announces {file} as {value}, but the package does not hold it; add the file or mark it absent.",
        "manifest.csv anuncia {file} como {value}, pero no está en el paquete; añádalo o márquelo absent.",
    ),
    "file_marked_absent": (
        "{file} is in the package, but manifest.csv does not announce it; mark it bulk or delta, or leave it out.",
        "{file} está en el paquete, pero manifest.csv no lo anuncia; márquelo bulk o delta, o quítelo.",
    ),
    "nothing_to_take": (
        "The package holds none of the files Kithwork takes (orgs, users, roles, academicSessions, courses, classes, enrollments).",
        "El paquete no tiene ninguno de los archivos que Kithwork toma (orgs, users, roles, academicSessions, courses, classes, enrollments).",
    ),
    # one file
    "file_empty": (
        "{file} is empty; it needs at least its header line.",
        "{file} está vacío; necesita al menos la línea de encabezado.",
    ),
    "file_without_rows": (
        "{file} is marked bulk and has no rows, which would end everything it listed before; mark it absent to leave it as it is.",
        "{file} está marcado bulk y no tiene filas, lo que terminaría todo lo anterior; márquelo absent para no cambiarlo.",
    ),
    "file_encoding": (
        "{file} is not UTF-8 (it looks like {value}); save it as UTF-8.",
        "{file} no está en UTF-8 (parece {value}); guárdelo como UTF-8.",
    ),
    "header_unreadable": (
        "The header line of {file} cannot be read (a stray quote or bytes that are not UTF-8).",
        "No se puede leer el encabezado de {file} (una comilla suelta o bytes que no son UTF-8).",
    ),
    "header_missing_column": (
        "{file} lacks the column {column}, which OneRoster 1.2 requires.",
        "A {file} le falta la columna {column}, que OneRoster 1.2 exige.",
    ),
    "header_repeated_column": (
        "{file} has the column {column} twice; keep one.",
        "{file} tiene la columna {column} dos veces; deje una.",
    ),
    # one row
    "csv_quote": (
        "A quote stands where CSV does not allow one; put the whole cell in quotes and double the quotes inside it.",
        "Hay una comilla donde el CSV no la admite; ponga toda la celda entre comillas y duplique las interiores.",
    ),
    "row_too_short": (
        "The row has {value} cells, the header has {detail}; fill it up with empty cells.",
        "La fila tiene {value} celdas y el encabezado {detail}; complétela con celdas vacías.",
    ),
    "row_too_long": (
        "The row has {value} cells, the header has {detail}; a cell with a comma must stand in quotes.",
        "La fila tiene {value} celdas y el encabezado {detail}; una celda con coma va entre comillas.",
    ),
    "row_encoding": (
        "The row holds bytes that are not UTF-8; save the file as UTF-8.",
        "La fila contiene bytes que no son UTF-8; guarde el archivo como UTF-8.",
    ),
    "row_control": (
        "The row holds a NUL character; take it out.",
        "La fila contiene un carácter NUL; quítelo.",
    ),
    "required_blank": (
        "{column} must not be blank.",
        "{column} no puede estar vacío.",
    ),
    "too_long": (
        "{column} is longer than {detail} characters.",
        "{column} pasa de {detail} caracteres.",
    ),
    "bad_token": (
        '{column} cannot be "{value}"; it is one of: {detail}.',
        '{column} no puede ser "{value}"; es uno de: {detail}.',
    ),
    "bad_date": (
        '{column} must be a date like 2026-08-31, here it is "{value}".',
        '{column} debe ser una fecha como 2026-08-31; aquí es "{value}".',
    ),
    "bad_instant": (
        '{column} must be an instant like 2026-08-31T07:00:00.000Z, here it is "{value}".',
        '{column} debe ser un instante como 2026-08-31T07:00:00.000Z; aquí es "{value}".',
    ),
    "bad_boolean": (
        '{column} must be true or false, here it is "{value}".',
        '{column} debe ser true o false; aquí es "{value}".',
    ),
    "bad_year": (
        '{column} must be the year the school year ends in, like 2027, here it is "{value}".',
        '{column} debe ser el año en que termina el curso, como 2027; aquí es "{value}".',
    ),
    "bad_email": (
        '{column} is not an e-mail address: "{value}"; mend it or leave it blank.',
        '{column} no es una dirección de correo: "{value}"; corríjala o déjela vacía.',
    ),
    "date_order": (
        "{column} ({value}) lies before {detail}.",
        "{column} ({value}) es anterior a {detail}.",
    ),
    "lifecycle_not_empty": (
        '{column} must be blank in a bulk file, here it is "{value}"; clear the column or mark the file delta.',
        '{column} debe ir vacío en un archivo bulk; aquí es "{value}"; vacíe la columna o marque el archivo delta.',
    ),
    "lifecycle_required": (
        "{column} must be filled in a delta file.",
        "{column} debe ir relleno en un archivo delta.",
    ),
    "duplicate_sourced_id": (
        'sourcedId "{value}" is already used in line {detail}; the first row counts.',
        'El sourcedId "{value}" ya se usa en la línea {detail}; vale la primera fila.',
    ),
    "reference_missing": (
        '{column} names "{value}", which {detail} does not hold.',
        '{column} nombra "{value}", que {detail} no contiene.',
    ),
    "reference_rejected": (
        '{column} names "{value}", whose own row in {detail} was not taken; mend that row first.',
        '{column} nombra "{value}", cuya fila en {detail} no se tomó; corrija antes esa fila.',
    ),
    "reference_ended": (
        '{column} names "{value}", which {detail} of this package ends (tobedeleted).',
        '{column} nombra "{value}", que {detail} de este paquete termina (tobedeleted).',
    ),
    "parent_loop": (
        '{column} "{value}" leads back to this row; a parent must lie above.',
        '{column} "{value}" vuelve a esta misma fila; un padre debe estar por encima.',
    ),
    # what was taken, or left, in a way its sender should know
    "file_ignored": (
        "{file} was read and left aside ({value} rows): Kithwork does not keep what it holds.",
        "{file} se leyó y se dejó aparte ({value} filas): Kithwork no guarda su contenido.",
    ),
    "delta_without_rows": (
        "{file} has no rows; nothing of it changes.",
        "{file} no tiene filas; nada suyo cambia.",
    ),
    "roles_absent": (
        "The package has no roles.csv; people are taken, but their roles stay as they are.",
        "El paquete no tiene roles.csv; las personas se toman, pero sus funciones no cambian.",
    ),
    "staff_as_advisor": (
        'The role "{value}" arrives as advisor; coordinators and administrators are named in Kithwork, never by an import.',
        'La función "{value}" llega como asesor; los coordinadores y administradores se nombran en Kithwork, nunca al importar.',
    ),
    "role_not_kept": (
        'The role "{value}" means nothing in Kithwork; the person is taken without it.',
        'La función "{value}" no existe en Kithwork; la persona se toma sin ella.',
    ),
    "role_not_at_a_school": (
        'The role is held at "{value}", which is not in one school; the person is taken without it. Give the role at a school.',
        'La función es en "{value}", que no está en una sola escuela; la persona se toma sin ella. Asígnela en una escuela.',
    ),
    "person_without_role": (
        '"{value}" has no role and is nobody\'s guardian; the person is taken without a membership.',
        '"{value}" no tiene función ni es tutor de nadie; la persona se toma sin pertenencia.',
    ),
    "agent_not_guardian": (
        'The agent "{value}" is not known as guardian, parent or relative, but as something else; no guardian link is made.',
        'El agente "{value}" no consta como guardian, parent ni relative, sino como otra cosa; no se crea vínculo de tutor.',
    ),
    "agents_of_no_student": (
        "The row names agents, but the person is not a student; no guardian link is made.",
        "La fila nombra agentes, pero la persona no es estudiante; no se crea vínculo de tutor.",
    ),
    "enrollment_role_not_kept": (
        'An enrollment as "{value}" is left out; Kithwork keeps students and teachers of a class.',
        'Una inscripción como "{value}" se omite; Kithwork guarda estudiantes y docentes de una clase.',
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend or to know: where it is, its stable `code`, and a sentence.

    `file` is the entry's name ("users.csv", or "" for the package), `line` the 1-based physical line on which the record
    starts (0 where no line is at fault), `column` a header name or "". `value` is shortened and safe to show.
    """

    file: str
    line: int
    column: str
    code: str
    value: str = ""
    detail: str = ""

    @property
    def sentence(self) -> str:
        """The sentence in English."""
        return self.sentence_in("en")

    def sentence_in(self, locale: str) -> str:
        """Say it in "en" or "es" ("es-MX" counts as "es"; anything else is English)."""
        english, spanish = CODES[self.code]
        template = spanish if locale.lower().startswith("es") else english
        return template.format(
            file=self.file or "?", line=self.line, column=self.column, value=self.value, detail=self.detail
        )


class PackageRefused(Refused):
    """Nothing of the package is taken; `faults` says everything that was found, package and rows alike."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        first = faults[0]
        super().__init__(first.code, first.sentence, first.sentence_in("es"))
        self.faults = faults


def shown(value: str) -> str:
    """Make a value fit for a report: short, and without what a database or a terminal would choke on."""
    clean = "".join(
        sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in value[:SHOWN_LENGTH]
    )
    return clean + "…" if len(value) > SHOWN_LENGTH else clean
