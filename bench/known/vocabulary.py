"""What generated records are made of: names, streets, and how people shorten, mishear and mistype them."""

SURNAMES = """Garcia Smith Johnson Martinez Lopez Williams Brown Hernandez Gonzalez Miller Davis Rodriguez Wilson Nguyen Perez
Anderson Thomas Jackson Sanchez White Lee Ramirez Harris Clark Torres Lewis Robinson Walker Rivera Flores Young Allen King
Wright Scott Green Adams Nelson Baker Hall Gomez Diaz Cruz Reyes Morales Ortiz Gutierrez Chavez Ramos Ruiz Alvarez Mendoza
Vasquez Castillo Jimenez Moreno Romero Herrera Medina Aguilar Vargas Castro Guzman Mendez Munoz Salazar Soto Delgado Pena
Rios Alvarado Sandoval Contreras Campbell Mitchell Roberts Carter Phillips Evans Turner Parker Collins Edwards Stewart Morris
Murphy Cook Rogers Morgan Cooper Peterson Reed Bailey Bell Kelly Howard Ward Cox Richardson Wood Watson Brooks Bennett Gray
James Hughes Price Myers Long Foster Sanders Ross Powell Sullivan Russell Jenkins Perry Butler Barnes Fisher Henderson Coleman
Patel Kim Tran Chen Singh Kowalski Novak Schmidt Schneider Weber Olson Larsen Jensen O'Brien O'Connor McDonald McCarthy Rossi
Ricci Haddad Khan Ali Ahmed Okafor Mensah Tesfaye Yamamoto Tanaka Santos Silva Pereira Petrov Ivanova Dubois Lefebvre""".split()  # noqa: SIM905 - a list of names reads as one
GIVEN = """Maria Jose Juan Luis Carlos Ana Rosa Carmen Elena Sofia Miguel Jorge Pedro Francisco Guadalupe Teresa Patricia
James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Mark Steven Andrew
Kenneth Edward Ronald Timothy Jeffrey Gary Nicholas Eric Jonathan Stephen Larry Scott Benjamin Samuel Gregory Frank Alexander
Mary Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Margaret Sandra Ashley Kimberly Emily Donna
Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Laura Cynthia Kathleen Amy Angela Shirley Brenda Pamela Nicole Ruth
Katherine Christine Samantha Debra Rachel Carolyn Janet Catherine Heather Diane Olivia Julie Joyce Victoria Kelly Lauren
Wei Mei Hiroshi Yuki Amir Fatima Omar Layla Priya Raj Anh Linh Kwame Ama Ivan Olga Pierre Claire""".split()  # noqa: SIM905 - a list of names reads as one
NICKNAMES = {
    "William": ("Bill", "Will", "Billy"), "Robert": ("Bob", "Rob"), "Richard": ("Rick", "Dick"), "James": ("Jim", "Jimmy"),
    "Michael": ("Mike",), "Thomas": ("Tom",), "Jose": ("Pepe",), "Francisco": ("Paco", "Pancho"), "Elizabeth": ("Liz", "Betty"),
    "Margaret": ("Peggy", "Maggie"), "Katherine": ("Kate", "Kathy"), "Jennifer": ("Jen", "Jenny"), "Joseph": ("Joe",),
    "Guadalupe": ("Lupe", "Lupita"), "Christopher": ("Chris",), "Daniel": ("Dan", "Danny"), "Edward": ("Ed", "Ted"),
    "Deborah": ("Debbie",), "Patricia": ("Pat", "Patty"), "Samuel": ("Sam",), "Rebecca": ("Becky",), "Steven": ("Steve",),
    "Carlos": ("Charly", "Carlitos"), "Teresa": ("Tere",), "Alexander": ("Alex", "Xander"), "Victoria": ("Vicky", "Tory"),
    "Angela": ("Angie",), "Juan": ("Juanito",), "Samantha": ("Sammy",), "Nicole": ("Nikki",), "Miguel": ("Migue",),
}  # fmt: skip
KINDS = """Auto Repair|Bakery|Dental Clinic|Family Dentistry|Landscaping|Roofing|Plumbing|Veterinary Clinic|Animal Hospital
Law Office|Accounting Services|Insurance Agency|Construction|Electric|Heating and Cooling|Restaurant|Cafe|Grill|Pizza|Market
Pharmacy|Hardware|Florist|Photography|Print Shop|Hair Salon|Barber Shop|Fitness Center|Physical Therapy|Chiropractic
Machine Works|Welding|Cabinet Makers|Tax Service|Realty|Property Management|Cleaning Services|Towing|Tire Center|Body Shop
Nursery|Farm|Orchards|Brewing|Coffee Roasters|Music School|Dance Academy|Learning Center|Day Care|Engineering|Architects
Consulting|Software|Design Studio|Logistics|Moving and Storage|Medical Group|Pediatrics|Optical|Upholstery|Glass|Masonry
Taqueria|Panaderia|Carniceria|Lavanderia|Taller Mecanico|Muebleria|Eye Care|Pet Grooming|Bike Shop|Boat Repair|Locksmith"""
FIRST = """Blue Golden Silver Green Red Bright Quiet Northern Sunny Royal Grand Little Happy Clear Stone Iron Copper Maple Cedar
Willow River Lake Summit Harbor Prairie Canyon Eagle Falcon Lion Bear Phoenix Liberty Heritage Pioneer Pacific Atlantic
Evergreen Crystal Diamond Star Moon Sunrise Sunset Twin Lucky Noble Rapid Precision Premier Elite Allied United""".split()  # noqa: SIM905 - a list of names reads as one
SECOND = """Oak Pine Leaf Creek Ridge Valley Meadow Rock Bridge Gate Tower Crown Arrow Horse Fox Owl Wolf Rose Lily Daisy Apple
Spoon Plate Lantern Anchor Compass Wheel Gear Hammer Thread Needle Brush Paper Feather Cloud Rain Wind Fire Spark Wave Shell
Path Door Window Garden House Kitchen Table Corner Block Square Point Peak Field Grove Hollow Spring""".split()  # noqa: SIM905 - a list of names reads as one
SAINTS = ["Mary", "Joseph", "Luke", "Anthony", "Francis", "Elizabeth", "John", "Vincent", "Anne", "Michael"]
STREETS = """Main Oak Maple Washington Lincoln Jefferson Park Lake Hill Church Elm Cedar Pine Walnut Chestnut Spring Mill River
Center Union Franklin Jackson Madison Adams Monroe Harrison Grant Sherman Ashland Western Pulaski Cicero Halsted Damen Kedzie
Fullerton Belmont Addison Irving Lawrence Foster Devon Juniper Sycamore Magnolia Dogwood Laurel Hawthorn Birch Willow Poplar
Cesar_Chavez Martin_Luther_King Old_Mill Country_Club Rose_Hill Mission Alameda Del_Mar Las_Palmas Camino_Real""".split()  # noqa: SIM905 - a list of names reads as one
STREETS = [street.replace("_", " ") for street in STREETS]
TYPES = ["Street", "Avenue", "Road", "Drive", "Boulevard", "Lane", "Court", "Place", "Parkway", "Way"]
TYPES_SHORT = {"Street": "St", "Avenue": "Ave", "Road": "Rd", "Drive": "Dr", "Boulevard": "Blvd", "Lane": "Ln", "Court": "Ct",
                "Place": "Pl", "Parkway": "Pkwy", "Way": "Wy"}  # fmt: skip
SYLLABLES = "bar den ton wick ham ford ley mont clair ridge vale brook dale port mar lin wes kin sher ban cor dun el fair glen hart".split()  # noqa: SIM905 - a list of syllables reads as one
USUAL = {
    "Center": "Ctr", "Street": "St", "Saint": "St.", "Hospital": "Hosp", "Services": "Svcs", "Service": "Svc", "Family": "Fam",
    "University": "Univ", "Associates": "Assoc", "Restaurant": "Rest.", "Construction": "Const", "Management": "Mgmt",
    "Engineering": "Engr", "Insurance": "Ins", "Veterinary": "Vet", "Medical": "Med", "Brothers": "Bros", "Market": "Mkt",
    "Landscaping": "Landscp", "Photography": "Photo", "Plumbing": "Plbg", "Heating": "Htg", "Chiropractic": "Chiro",
    "Pediatrics": "Peds", "Property": "Prop", "Accounting": "Acctg", "Cleaning": "Clng", "Library": "Lib", "School": "Sch",
    "Northern": "Nthn", "Mountain": "Mtn", "Public": "Pub", "Physical": "Phys", "Therapy": "Ther", "Academy": "Acad",
}  # fmt: skip
FORMS = ["Inc", "Inc.", "LLC", "L.L.C.", "Corp.", "Co.", "Ltd", "PLLC", "Incorporated", "Company"]
KEYBOARD = ["qwertyuiop", "asdfghjkl", "zxcvbnm"]
SOUNDS = [("ph", "f"), ("ck", "k"), ("ie", "ei"), ("z", "s"), ("s", "z"), ("c", "k"), ("y", "i"), ("v", "b"), ("ll", "l"),
           ("ei", "ie"), ("ou", "ow"), ("gh", "g"), ("th", "t"), ("ee", "ea"), ("qu", "k")]  # fmt: skip
SCANNED = [("rn", "m"), ("m", "rn"), ("l", "1"), ("o", "0"), ("cl", "d"), ("i", "l"), ("e", "c"), ("u", "v")]


# How workplaces are named, and how often.
BUSINESSES = {
    "{surname} {kind}": 30, "{surname} & Sons {kind}": 3, "{surname} Brothers {kind}": 3, "{surname} Family {kind}": 4,
    "{given} {surname} {kind}": 8, "{surname} and {partner} {kind}": 6, "{first} {second} {kind}": 26, "{town} {kind}": 10,
    "Saint {saint} Hospital": 1, "Saint {saint} School": 2, "Saint {saint} Medical Center": 1, "University of {town}": 2,
    "{town} Public Library": 2, "{street} Street {kind}": 2,
}  # fmt: skip
PERSON_FAULTS = {
    "nickname": 25, "swapped": 10, "initial": 7, "family": 20, "given": 13, "one family name": 13, "none": 12,
}  # fmt: skip
# Where a new address of a person comes from: made up, the old one with a slip, the same elsewhere.
ADDRESSES = {"other": 0.4, "slip": 0.3, "elsewhere": 0.3}
# Of the hold-out only: what people are called besides, and workplaces in Spanish.
OTHER_NICKNAMES = {
    "Maria": ("Mary", "Mia", "Marita"), "Jose": ("Joseph", "Joselito"), "Guadalupe": ("Lupe", "Lupis"), "Ana": ("Anita", "Anna"),
    "Rosa": ("Rosita", "Rose"), "Carmen": ("Carmelita",), "Elena": ("Helen", "Nena"), "Pedro": ("Pete", "Perico"),
    "Jorge": ("George", "Coque"), "Miguel": ("Mike", "Michael"), "James": ("Jamie", "Jas"), "John": ("Johnny", "Jack"),
    "William": ("Liam", "Wm"), "David": ("Dave", "Davey"), "Charles": ("Chuck", "Charlie"), "Matthew": ("Matt", "Matty"),
    "Anthony": ("Tony", "Ant"), "Andrew": ("Drew", "Andy"), "Kenneth": ("Ken",), "Ronald": ("Ron", "Ronnie"),
    "Jeffrey": ("Jeff",), "Nicholas": ("Nick", "Nico"), "Jonathan": ("Jon", "Johnny"), "Gregory": ("Greg",),
    "Benjamin": ("Ben", "Benji"), "Mary": ("Molly", "Mae"), "Linda": ("Lindy",), "Barbara": ("Babs", "Barb"),
    "Susan": ("Sue", "Suzie"), "Jessica": ("Jess",), "Sarah": ("Sally", "Sadie"), "Nancy": ("Nan",), "Margaret": ("Greta", "Meg"),
    "Sandra": ("Sandy",), "Kimberly": ("Kim",), "Emily": ("Em", "Emmy"), "Amanda": ("Mandy",), "Stephanie": ("Steph", "Steffi"),
    "Cynthia": ("Cindy",), "Kathleen": ("Kathy", "Kay"), "Pamela": ("Pam",), "Christine": ("Chris", "Tina"),
    "Elizabeth": ("Bess", "Lisa"), "Catherine": ("Cathy", "Cat"), "Victoria": ("Vicky",), "Rachel": ("Rach",),
}  # fmt: skip
IN_SPANISH = {
    "Bakery": "Panaderia", "Restaurant": "Restaurante", "Pharmacy": "Farmacia", "Market": "Mercado", "Clinic": "Clinica",
    "Dental": "Dentista", "Law Office": "Abogados", "Florist": "Floreria", "Family": "Familiar", "Hair Salon": "Peluqueria",
    "School": "Escuela", "Insurance": "Seguros", "Construction": "Construccion", "Landscaping": "Jardineria",
}  # fmt: skip
