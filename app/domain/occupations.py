"""The occupations students ask for: a fixed vocabulary, so that what is asked, offered and published agrees.

Each has its cluster, its SOC 2018 code, the words of a job title that show it, and the words of an
employer's name that show its place of work. The words stand in English and Spanish, without accents;
`fields.py` folds plurals and genders ("enfermeras" is "enfermero").
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from app.domain.clusters import Cluster
from app.domain.codes import Names


class OccupationCode(StrEnum):
    """An occupation's code."""

    ACCOUNTANT = "accountant"
    ACTOR = "actor"
    AIRCRAFT_MECHANIC = "aircraft_mechanic"
    ARCHITECT = "architect"
    AUTO_MECHANIC = "auto_mechanic"
    BAKER = "baker"
    BANKER = "banker"
    BARBER = "barber"
    BIOLOGIST = "biologist"
    CARPENTER = "carpenter"
    CHEF = "chef"
    CHEMIST = "chemist"
    CHILDCARE_WORKER = "childcare_worker"
    CIVIL_ENGINEER = "civil_engineer"
    COACH = "coach"
    CONSTRUCTION_MANAGER = "construction_manager"
    COUNSELOR = "counselor"
    CYBERSECURITY_ANALYST = "cybersecurity_analyst"
    DATA_SCIENTIST = "data_scientist"
    DENTAL_HYGIENIST = "dental_hygienist"
    DENTIST = "dentist"
    DIETITIAN = "dietitian"
    ELECTRICAL_ENGINEER = "electrical_engineer"
    ELECTRICIAN = "electrician"
    ENTREPRENEUR = "entrepreneur"
    ENVIRONMENTAL_SCIENTIST = "environmental_scientist"
    EVENT_PLANNER = "event_planner"
    FARMER = "farmer"
    FASHION_DESIGNER = "fashion_designer"
    FILM_MAKER = "film_maker"
    FINANCIAL_ADVISOR = "financial_advisor"
    FIREFIGHTER = "firefighter"
    FLIGHT_ATTENDANT = "flight_attendant"
    FORESTER = "forester"
    GRAPHIC_DESIGNER = "graphic_designer"
    HEAVY_EQUIPMENT_OPERATOR = "heavy_equipment_operator"
    HOTEL_MANAGER = "hotel_manager"
    HUMAN_RESOURCES_SPECIALIST = "human_resources_specialist"
    HVAC_TECHNICIAN = "hvac_technician"
    INSURANCE_AGENT = "insurance_agent"
    INTERIOR_DESIGNER = "interior_designer"
    INTERPRETER = "interpreter"
    IT_SUPPORT_SPECIALIST = "it_support_specialist"
    JOURNALIST = "journalist"
    LABORATORY_TECHNICIAN = "laboratory_technician"
    LANDSCAPER = "landscaper"
    LAWYER = "lawyer"
    LIBRARIAN = "librarian"
    LOGISTICIAN = "logistician"
    MACHINIST = "machinist"
    MARKETING_MANAGER = "marketing_manager"
    MECHANICAL_ENGINEER = "mechanical_engineer"
    MEDICAL_ASSISTANT = "medical_assistant"
    MUSICIAN = "musician"
    NETWORK_ADMINISTRATOR = "network_administrator"
    NURSE = "nurse"
    OCCUPATIONAL_THERAPIST = "occupational_therapist"
    PARALEGAL = "paralegal"
    PARAMEDIC = "paramedic"
    PHARMACIST = "pharmacist"
    PHOTOGRAPHER = "photographer"
    PHYSICAL_THERAPIST = "physical_therapist"
    PHYSICIAN = "physician"
    PILOT = "pilot"
    PLUMBER = "plumber"
    POLICE_OFFICER = "police_officer"
    PSYCHOLOGIST = "psychologist"
    RADIOLOGIC_TECHNOLOGIST = "radiologic_technologist"
    REAL_ESTATE_AGENT = "real_estate_agent"
    SALES_REPRESENTATIVE = "sales_representative"
    SOCIAL_WORKER = "social_worker"
    SOFTWARE_DEVELOPER = "software_developer"
    SOLAR_INSTALLER = "solar_installer"
    SPEECH_THERAPIST = "speech_therapist"
    TEACHER = "teacher"
    TRUCK_DRIVER = "truck_driver"
    URBAN_PLANNER = "urban_planner"
    VETERINARIAN = "veterinarian"
    VETERINARY_TECHNICIAN = "veterinary_technician"
    WEB_DESIGNER = "web_designer"
    WELDER = "welder"
    WRITER = "writer"


class Occupation(NamedTuple):
    """An occupation: its names, its cluster, its SOC 2018 code, and the phrases that show it."""

    code: OccupationCode
    names: Names
    cluster: Cluster
    soc: str
    words: tuple[str, ...]
    places: tuple[str, ...]


_MAKE = Cluster.ADVANCED_MANUFACTURING
_FARM = Cluster.AGRICULTURE
_ARTS = Cluster.ARTS_ENTERTAINMENT_DESIGN
_BUILD = Cluster.CONSTRUCTION
_DIGITAL = Cluster.DIGITAL_TECHNOLOGY
_TEACH = Cluster.EDUCATION
_ENERGY = Cluster.ENERGY_NATURAL_RESOURCES
_FINANCE = Cluster.FINANCIAL_SERVICES
_HEALTH = Cluster.HEALTHCARE_HUMAN_SERVICES
_GUESTS = Cluster.HOSPITALITY_EVENTS_TOURISM
_MANAGE = Cluster.MANAGEMENT_ENTREPRENEURSHIP
_SELL = Cluster.MARKETING_SALES
_SERVE = Cluster.PUBLIC_SERVICE_SAFETY
_MOVE = Cluster.SUPPLY_CHAIN_TRANSPORTATION


def _o(code: str, en: str, es: str, cluster: Cluster, soc: str, words: str, places: str = "") -> Occupation:
    phrases, sites = (tuple(filter(None, (part.strip() for part in s.split(",")))) for s in (words, places))
    return Occupation(OccupationCode(code), Names(en, es), cluster, soc, phrases, sites)


# SOC codes: 2018 Standard Occupational Classification, the closest detailed occupation; the rest is ours.
# fmt: off
_TABLE = (
    _o("accountant", "Accountant", "Contadora o contador", _FINANCE, "13-2011",
       "accountant, accounting, cpa, bookkeeper, auditor, tax preparer, contador, contabilidad, contable", "accounting, tax, cpa, contadores, bookkeeping, contabilidad, impuestos"),
    _o("actor", "Actor", "Actriz o actor", _ARTS, "27-2011",
       "actor, actress, actriz, stage performer, theater performer", "theater, theatre, teatro, playhouse"),
    _o("aircraft_mechanic", "Aircraft mechanic", "Mecánica o mecánico de aviación", _MOVE, "49-3011",
       "aircraft mechanic, aviation mechanic, airframe, avionics, aircraft technician, mecanico de aviacion, mecanico de aviones", "aircraft maintenance"),
    _o("architect", "Architect", "Arquitecta o arquitecto", _BUILD, "17-1011",
       "architect, arquitecto, drafter, dibujante arquitectonico", "architects, architecture, arquitectos, arquitectura"),
    _o("auto_mechanic", "Auto mechanic", "Mecánica o mecánico automotriz", _MOVE, "49-3023",
       "mechanic, auto technician, automotive, auto body, diesel technician, mecanico, hojalatero", "auto repair, automotive, auto body, garage, motors, taller mecanico, auto service, tire"),
    _o("baker", "Baker", "Panadera o panadero", _GUESTS, "51-3011",
       "baker, pastry, pastry cook, panadero, pastelero, repostero", "bakery, bread, panaderia, pasteleria, reposteria, bakehouse, patisserie"),
    _o("banker", "Banker", "Empleada o empleado de banca", _FINANCE, "13-2072",
       "banker, loan officer, bank teller, bank manager, banquero, bancario, cajero de banco, oficial de prestamos, underwriter", "bank, credit union, banco, savings, cooperativa de credito"),
    _o("barber", "Barber or hairdresser", "Peluquera o peluquero", _HEALTH, "39-5012",
       "barber, hairdresser, hairstylist, hair stylist, cosmetologist, esthetician, nail technician, peluquero, estilista, cosmetologo", "barber, barbershop, hair, salon, peluqueria, barberia, beauty"),
    _o("biologist", "Biologist", "Bióloga o biólogo", _ENERGY, "19-1029",
       "biologist, microbiologist, zoologist, botanist, geneticist, biotechnologist, marine scientist, biologo, microbiologo, zoologo, botanico, genetista", "biotech, biosciences, aquarium, biotecnologia"),
    _o("carpenter", "Carpenter", "Carpintera o carpintero", _BUILD, "47-2031",
       "carpenter, cabinetmaker, cabinet maker, woodworker, framer, joiner, carpintero, ebanista", "carpentry, cabinets, woodworks, woodworking, carpinteria, millwork"),
    _o("chef", "Chef", "Chef o cocinera", _GUESTS, "35-1011",
       "chef, sous chef, cook, line cook, head cook, caterer, cocinero, restaurateur", "restaurant, catering, bistro, grill, diner, cafe, taqueria, pizzeria, cocina"),
    _o("chemist", "Chemist", "Química o químico", _MAKE, "19-2031",
       "chemist, chemical engineer, biochemist, quimico, bioquimico", "chemical, laboratories, quimica"),
    _o("childcare_worker", "Childcare worker", "Cuidadora o cuidador infantil", _TEACH, "39-9011",
       "childcare, child care, daycare, day care, nanny, preschool assistant, ninero, cuidador infantil, guarderia", "childcare, child care, daycare, day care, guarderia, early learning"),
    _o("civil_engineer", "Civil engineer", "Ingeniera o ingeniero civil", _BUILD, "17-2051",
       "civil engineer, structural engineer, transportation engineer, ingeniero civil, ingeniero estructural, surveyor, topografo", "civil engineering, civil works, surveying, ingenieria civil"),
    _o("coach", "Coach or trainer", "Entrenadora o entrenador", _GUESTS, "27-2022",
       "coach, athletic trainer, personal trainer, fitness instructor, fitness trainer, yoga instructor, swim instructor, entrenador", "gym, fitness, athletic club, gimnasio, yoga, crossfit"),
    _o("construction_manager", "Construction manager", "Encargada o encargado de obra", _BUILD, "11-9021",
       "construction manager, general contractor, site supervisor, construction superintendent, construction foreman, foreman, builder, contratista, encargado de obra, maestro de obras, constructor", "construction, builders, contractors, remodeling, construccion, constructora, contratistas"),
    _o("counselor", "Counselor", "Consejera o consejero", _HEALTH, "21-1014",
       "counselor, counsellor, therapist, mental health, consejero, terapeuta, orientador", "counseling, therapy, mental health, consejeria, terapia"),
    _o("cybersecurity_analyst", "Cybersecurity analyst", "Analista de ciberseguridad", _DIGITAL, "15-1212",
       "cybersecurity, cyber security, information security, security analyst, security engineer, penetration tester, ciberseguridad, seguridad informatica", "cybersecurity, cyber security, ciberseguridad"),
    _o("data_scientist", "Data scientist", "Científica o científico de datos", _DIGITAL, "15-2051",
       "data scientist, data analyst, data engineer, machine learning, statistician, cientifico de datos, analista de datos, estadistico", "analytics, data science"),
    _o("dental_hygienist", "Dental hygienist", "Higienista dental", _HEALTH, "29-1292",
       "dental hygienist, dental assistant, hygienist, higienista, higienista dental, asistente dental"),
    _o("dentist", "Dentist", "Dentista", _HEALTH, "29-1021",
       "dentist, orthodontist, dds, dmd, odontologo, ortodoncista", "dental, dentistry, orthodontics, odontologia, ortodoncia, dentista"),
    _o("dietitian", "Dietitian", "Nutricionista", _HEALTH, "29-1031",
       "dietitian, dietician, nutritionist, nutricionista, nutriologo, dietista", "nutrition, nutricion"),
    _o("electrical_engineer", "Electrical engineer", "Ingeniera o ingeniero eléctrico", _ENERGY, "17-2071",
       "electrical engineer, electronics engineer, power engineer, ingeniero electrico, ingeniero electronico"),
    _o("electrician", "Electrician", "Electricista", _BUILD, "47-2111",
       "electrician, lineman, line worker, lineworker, electricista, electrical contractor, electrical apprentice", "electric, electrical"),
    _o("entrepreneur", "Business owner", "Dueña o dueño de negocio", _MANAGE, "11-1021",
       "owner, business owner, founder, co founder, cofounder, entrepreneur, startup, ceo, propietario, dueno, fundador, emprendedor, empresario, shop owner"),
    _o("environmental_scientist", "Environmental scientist", "Científica o científico ambiental", _ENERGY, "19-2041",
       "environmental scientist, environmental engineer, ecologist, hydrologist, geologist, water quality, water treatment operator, sustainability, cientifico ambiental, ecologo, hidrologo, geologo, ambientalista", "environmental, watershed, ecology, ambiental"),
    _o("event_planner", "Event planner", "Organizadora u organizador de eventos", _GUESTS, "13-1121",
       "event planner, event coordinator, event manager, wedding planner, organizador de eventos, coordinador de eventos", "events, weddings, banquets"),
    _o("farmer", "Farmer", "Agricultora o agricultor", _FARM, "11-9013",
       "farmer, rancher, grower, market grower, herd technician, dairy, beekeeper, agronomist, agricultor, granjero, ganadero, agronomo, apicultor", "farm, ranch, orchard, dairy, growers, granja, vineyard"),
    _o("fashion_designer", "Fashion designer", "Diseñadora o diseñador de moda", _ARTS, "27-1022",
       "fashion, tailor, seamstress, dressmaker, costume designer, disenador de moda, sastre, costurero, modista", "fashion, tailor, tailoring, boutique, moda, sastreria"),
    _o("film_maker", "Film maker", "Cineasta", _ARTS, "27-2012",
       "filmmaker, film maker, film director, video editor, videographer, film producer, video producer, animator, sound engineer, cineasta, editor de video, camarografo, animador", "film, video production, productions, studios, cine, animation"),
    _o("financial_advisor", "Financial advisor", "Asesora o asesor financiero", _FINANCE, "13-2052",
       "financial advisor, financial adviser, financial planner, financial analyst, investment, wealth manager, asesor financiero, analista financiero", "financial, wealth, investments, financiera, inversiones"),
    _o("firefighter", "Firefighter", "Bombera o bombero", _SERVE, "33-2011",
       "firefighter, fire fighter, fire captain, fire chief, fire marshal, bombero", "fire department, fire district, fire rescue, fire station, bomberos"),
    _o("flight_attendant", "Flight attendant", "Auxiliar de vuelo", _MOVE, "53-2031",
       "flight attendant, cabin crew, auxiliar de vuelo, azafata, sobrecargo"),
    _o("forester", "Forester or park ranger", "Guardabosques", _ENERGY, "19-1032",
       "forester, park ranger, ranger, arborist, conservation, wildlife, guardabosques, guardaparques, silvicultor", "forestry, forest, conservancy, land trust, nature preserve, arborists"),
    _o("graphic_designer", "Graphic designer", "Diseñadora o diseñador gráfico", _ARTS, "27-1024",
       "graphic designer, graphic artist, illustrator, art director, disenador grafico, ilustrador, printmaker", "graphics, print shop, printing, design studio, diseno grafico, imprenta"),
    _o("heavy_equipment_operator", "Heavy equipment operator", "Operadora u operador de maquinaria pesada", _BUILD, "47-2073",
       "heavy equipment operator, equipment operator, crane operator, excavator, bulldozer, operador de maquinaria, operador de grua", "excavating, excavation, paving"),
    _o("hotel_manager", "Hotel manager", "Gerente de hotel", _GUESTS, "11-9081",
       "hotel manager, front desk, concierge, innkeeper, lodging manager, hotelier, tour guide, travel agent, gerente de hotel, hotelero, guia turistico, agente de viajes", "hotel, inn, resort, lodge, motel, travel, tours, hostal"),
    _o("human_resources_specialist", "Human resources specialist", "Especialista en recursos humanos", _MANAGE, "13-1071",
       "human resources, hr, recruiter, talent acquisition, recursos humanos, reclutador", "staffing, human resources, recruiting"),
    _o("hvac_technician", "Heating and cooling technician", "Técnica o técnico de calefacción y refrigeración", _BUILD, "49-9021",
       "hvac, heating technician, refrigeration, air conditioning, heating and cooling, aire acondicionado, calefaccion, refrigeracion", "heating, cooling, hvac, air conditioning, refrigeration, calefaccion, aire acondicionado"),
    _o("insurance_agent", "Insurance agent", "Agente de seguros", _FINANCE, "41-3021",
       "insurance, claims adjuster, actuary, agente de seguros, corredor de seguros, actuario", "insurance, seguros"),
    _o("interior_designer", "Interior designer", "Diseñadora o diseñador de interiores", _ARTS, "27-1025",
       "interior designer, interior decorator, decorator, disenador de interiores, decorador", "interiors, interior design"),
    _o("interpreter", "Interpreter or translator", "Intérprete o traductora", _SERVE, "27-3091",
       "interpreter, translator, interprete, traductor", "translation, interpreting, traducciones"),
    _o("it_support_specialist", "IT support specialist", "Especialista en soporte informático", _DIGITAL, "15-1232",
       "it support, it specialist, it technician, help desk, helpdesk, desktop support, computer technician, computer repair, soporte tecnico, soporte informatico, tecnico en computadoras", "computer repair, computers, it services, computadoras"),
    _o("journalist", "Journalist", "Periodista", _ARTS, "27-3023",
       "journalist, reporter, news anchor, broadcaster, radio host, editor, periodista, locutor", "news, newspaper, radio, herald, gazette, television, periodico, noticias"),
    _o("laboratory_technician", "Medical laboratory technician", "Técnica o técnico de laboratorio clínico", _HEALTH, "29-2012",
       "lab technician, laboratory technician, lab tech, medical technologist, phlebotomist, tecnico de laboratorio, laboratorista, flebotomista", "diagnostics, clinical laboratory, laboratorio clinico"),
    _o("landscaper", "Landscaper", "Jardinera o jardinero", _FARM, "37-3011",
       "landscaper, gardener, groundskeeper, landscape, horticulturist, nursery grower, plant propagator, florist, jardinero, paisajista, horticultor", "landscaping, landscape, plant nursery, tree nursery, garden center, florist, gardens, jardineria, vivero"),
    _o("lawyer", "Lawyer", "Abogada o abogado", _SERVE, "23-1011",
       "lawyer, attorney, judge, public defender, prosecutor, abogado, juez, fiscal, defensor publico, licenciado en derecho", "law, attorneys, legal, abogados, legal aid, juzgado"),
    _o("librarian", "Librarian or museum worker", "Bibliotecaria o bibliotecario", _TEACH, "25-4022",
       "librarian, library, archivist, curator, museum educator, museum, bibliotecario, curador", "library, museum, archives, biblioteca, museo"),
    _o("logistician", "Logistician", "Especialista en logística", _MOVE, "13-1081",
       "logistician, logistics, supply chain, warehouse, dispatcher, shipping, forklift, purchasing, almacen, bodega, despachador, cadena de suministro", "logistics, freight, warehouse, warehousing, distribution, shipping, almacenes"),
    _o("machinist", "Machinist", "Maquinista de taller", _MAKE, "51-4041",
       "machinist, cnc, tool and die, toolmaker, millwright, production technician, robotics technician, tornero, fresador, maquinista", "machine, machining, tool and die, manufacturing, robotics, maquinados"),
    _o("marketing_manager", "Marketing manager", "Gerente de mercadotecnia", _SELL, "11-2021",
       "marketing, advertising, social media, public relations, brand manager, copywriter, mercadotecnia, publicidad, relaciones publicas, mercadeo", "marketing, advertising, media group, public relations, publicidad, mercadotecnia"),
    _o("mechanical_engineer", "Mechanical engineer", "Ingeniera o ingeniero mecánico", _MAKE, "17-2141",
       "mechanical engineer, industrial engineer, manufacturing engineer, robotics engineer, aerospace engineer, process engineer, ingeniero mecanico, ingeniero industrial", "engineering, aerospace, ingenieria"),
    _o("medical_assistant", "Medical assistant or caregiver", "Asistente médica o médico", _HEALTH, "31-9092",
       "medical assistant, nursing assistant, cna, home health aide, caregiver, patient care technician, asistente medico, auxiliar de enfermeria, cuidador", "home care, home health, senior living, assisted living, nursing home, cuidado en casa"),
    _o("musician", "Musician", "Música o músico", _ARTS, "27-2042",
       "musician, singer, composer, dj, guitarist, pianist, drummer, orchestra, band leader, musico, cantante, compositor, guitarrista", "music, symphony, orchestra, orquesta"),
    _o("network_administrator", "Network administrator", "Administradora o administrador de redes", _DIGITAL, "15-1244",
       "network administrator, network engineer, network technician, system administrator, sysadmin, cloud engineer, database administrator, administrador de redes, administrador de sistemas", "networks, telecom, telecommunications, broadband, redes"),
    _o("nurse", "Nurse", "Enfermera o enfermero", _HEALTH, "29-1141",
       "nurse, rn, lpn, registered nurse, nurse practitioner, school nurse, midwife, nursing, enfermero, enfermeria, partero", "nursing"),
    _o("occupational_therapist", "Occupational therapist", "Terapeuta ocupacional", _HEALTH, "29-1122",
       "occupational therapist, occupational therapy, terapeuta ocupacional, terapia ocupacional", "occupational therapy, terapia ocupacional"),
    _o("paralegal", "Paralegal", "Asistente legal", _SERVE, "23-2011",
       "paralegal, legal assistant, legal secretary, court reporter, notary, asistente legal, secretario legal, notario"),
    _o("paramedic", "Paramedic", "Paramédica o paramédico", _HEALTH, "29-2043",
       "paramedic, emt, emergency medical technician, ambulance, ambulancia, tecnico en emergencias", "ambulance, emergency medical services, ambulancias"),
    _o("pharmacist", "Pharmacist", "Farmacéutica o farmacéutico", _HEALTH, "29-1051",
       "pharmacist, pharmacy technician, pharmacy, pharmd, farmaceutico, farmacia, boticario", "pharmacy, drugstore, farmacia, botica, apothecary"),
    _o("photographer", "Photographer", "Fotógrafa o fotógrafo", _ARTS, "27-4021",
       "photographer, photojournalist, photography, fotografo, fotografia", "photography, photo, fotografia"),
    _o("physical_therapist", "Physical therapist", "Fisioterapeuta", _HEALTH, "29-1123",
       "physical therapist, physical therapy, physiotherapist, fisioterapeuta, terapeuta fisico, kinesiologo, chiropractor, quiropractico", "physical therapy, fisioterapia, chiropractic, rehabilitation, sports medicine"),
    _o("physician", "Physician", "Médica o médico", _HEALTH, "29-1216",
       "physician, doctor, surgeon, pediatrician, md, cardiologist, dermatologist, psychiatrist, radiologist, anesthesiologist, physician assistant, optometrist, medico, medicina, cirujano, pediatra, cardiologo, psiquiatra, doctor en medicina", "hospital, medical center, family medicine, pediatrics, health center, surgery, medical group, centro medico, clinica medica, pediatria"),
    _o("pilot", "Pilot", "Piloto", _MOVE, "53-2011",
       "pilot, airline pilot, helicopter pilot, flight instructor, drone pilot, air traffic controller, aviador, controlador aereo", "airline, aviation, flight school, airport, aerolinea, aviacion, aeropuerto"),
    _o("plumber", "Plumber", "Plomera o plomero", _BUILD, "47-2152",
       "plumber, pipefitter, steamfitter, pipe fitter, plumbing, plomero, fontanero, plomeria", "plumbing, plomeria, fontaneria"),
    _o("police_officer", "Police officer", "Policía", _SERVE, "33-3051",
       "police, police officer, sheriff, detective, state trooper, trooper, deputy sheriff, policia, alguacil", "police, sheriff, policia"),
    _o("psychologist", "Psychologist", "Psicóloga o psicólogo", _HEALTH, "19-3033",
       "psychologist, psychotherapist, psicologo, psicoterapeuta", "psychology, psychological, psicologia"),
    _o("radiologic_technologist", "Radiologic technologist", "Técnica o técnico en radiología", _HEALTH, "29-2034",
       "radiologic technologist, radiology technician, x ray technician, sonographer, ultrasound, mri technologist, tecnico en radiologia, radiologo, tecnico de rayos x", "radiology, imaging, radiologia"),
    _o("real_estate_agent", "Real estate agent", "Agente de bienes raíces", _SELL, "41-9022",
       "real estate, realtor, property manager, appraiser, bienes raices, agente inmobiliario, corredor de bienes", "realty, real estate, properties, inmobiliaria, bienes raices"),
    _o("sales_representative", "Sales representative", "Representante de ventas", _SELL, "41-4012",
       "sales, salesperson, account executive, store manager, retail, cashier, merchandiser, vendedor, ventas, tendero, buyer, cajero", "store, market, outlet, retail, hardware, books, bookstore, tienda, supermarket, supermercado, ferreteria"),
    _o("social_worker", "Social worker", "Trabajadora o trabajador social", _HEALTH, "21-1021",
       "social worker, case manager, case worker, caseworker, msw, lcsw, community health worker, trabajador social, promotor de salud", "social services, family services, community services, servicios sociales, shelter"),
    _o("software_developer", "Software developer", "Desarrolladora o desarrollador de software", _DIGITAL, "15-1252",
       "software developer, software engineer, developer, programmer, web developer, app developer, game developer, coder, full stack, computer scientist, software, programador, desarrollador, ingeniero de software, ingeniero en sistemas", "software, games, apps"),
    _o("solar_installer", "Solar installer", "Instaladora o instalador solar", _ENERGY, "47-2231",
       "solar installer, solar technician, solar, wind technician, wind turbine, energy analyst, instalador solar, paneles solares, energia solar", "solar, wind energy, renewable, energia solar"),
    _o("speech_therapist", "Speech therapist", "Terapeuta del habla", _HEALTH, "29-1127",
       "speech therapist, speech language pathologist, speech pathologist, slp, audiologist, fonoaudiologo, logopeda, terapeuta del habla, terapeuta de lenguaje", "speech therapy, audiology, terapia del habla"),
    _o("teacher", "Teacher", "Maestra o maestro", _TEACH, "25-2031",
       "teacher, professor, instructor, tutor, principal, educator, lecturer, paraprofessional, teachers aide, maestro, profesor, docente, educador, catedratico", "school, college, university, academy, tutoring, escuela, colegio, universidad, preschool"),
    _o("truck_driver", "Truck driver", "Camionera o camionero", _MOVE, "53-3032",
       "truck driver, trucker, delivery driver, bus driver, driver, cdl, camionero, chofer, conductor de camion, trailero, conductor de autobus", "trucking, transport, delivery, moving, hauling, transit, bus lines, mudanzas"),
    _o("urban_planner", "Urban planner or public official", "Urbanista o funcionaria pública", _SERVE, "19-3051",
       "urban planner, city planner, mayor, council member, city manager, city clerk, civil servant, legislator, policy analyst, urbanista, alcalde, concejal, regidor, funcionario", "city of, town of, city hall, ayuntamiento, municipio"),
    _o("veterinarian", "Veterinarian", "Veterinaria o veterinario", _HEALTH, "29-1131",
       "veterinarian, vet, veterinary, dvm, veterinary surgeon, doctor of veterinary medicine, veterinario, medico veterinario", "veterinary, vet clinic, animal hospital, animal clinic, pet hospital, veterinaria, animal medical"),
    _o("veterinary_technician", "Veterinary technician", "Técnica o técnico veterinario", _HEALTH, "29-2056",
       "veterinary technician, vet tech, vet technician, veterinary assistant, vet assistant, veterinary nurse, animal care, dog groomer, groomer, zookeeper, tecnico veterinario, asistente veterinario, auxiliar veterinario", "animal shelter, humane society, grooming, kennel, zoo, pet care, zoologico"),
    _o("web_designer", "Web and interface designer", "Diseñadora o diseñador web", _DIGITAL, "15-1255",
       "web designer, ux designer, ui designer, product designer, user experience, game designer, disenador web, disenador de interfaces", "web design, diseno web"),
    _o("welder", "Welder", "Soldadora o soldador", _MAKE, "51-4121",
       "welder, welding, metal fabricator, sheet metal, ironworker, blacksmith, soldador, soldadura, herrero", "welding, metal works, metalworks, fabrication, iron works, sheet metal, soldadura, herreria"),
    _o("writer", "Writer", "Escritora o escritor", _ARTS, "27-3043",
       "writer, author, novelist, poet, playwright, screenwriter, technical writer, escritor, autor, guionista", "publishing, editorial"),
)
# fmt: on

OCCUPATIONS: Mapping[str, Occupation] = {row.code.value: row for row in _TABLE}
