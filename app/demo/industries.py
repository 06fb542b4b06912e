"""What the employers of the demo community do: kinds of workplaces over all sectors of NAICS 2022."""

from typing import NamedTuple

from app.domain.clusters import Cluster


class Industry(NamedTuple):
    """A kind of workplace: its NAICS code, names of such places, clusters, jobs there, what a student would do."""

    naics: str
    kinds: tuple[str, ...]
    clusters: tuple[Cluster, ...]
    roles: tuple[str, ...]
    work: str


_I = Industry
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

VETERINARY = "541940"

# fmt: off
INDUSTRIES = (
    _I("111219", ("Vegetable Farm", "Market Growers"), (_FARM,), ("market grower", "farm stand lead"),
       "start seedlings, harvest and wash vegetables, and help sell them at the stand"),
    _I("111421", ("Tree Nursery", "Plant Nursery"), (_FARM, _ENERGY), ("nursery grower", "plant propagator"),
       "pot and water young trees, keep the propagation records, and learn to spot plant diseases"),
    _I("112120", ("Dairy", "Creamery Farm"), (_FARM,), ("herd technician", "dairy technician"),
       "help with feeding and milking, keep the health records of the herd, and test milk samples"),
    _I("212321", ("Sand & Gravel", "Aggregates"), (_ENERGY, _BUILD), ("quarry surveyor", "plant technician"),
       "walk the survey with the site engineer, sieve samples in the laboratory, and read the safety plan"),
    _I("221310", ("Water Works", "Water Cooperative"), (_ENERGY, _SERVE), ("water treatment operator", "water quality analyst"),
       "follow the water from intake to tap, take samples, and compare them with the limits of the law"),
    _I("221114", ("Community Solar", "Solar Cooperative"), (_ENERGY,), ("solar technician", "energy analyst"),
       "inspect panels with a technician, read meters, and work out what a roof could produce"),
    _I("236118", ("Remodeling", "Home Builders"), (_BUILD,), ("carpenter", "site supervisor"),
       "measure, cut and fit with a carpenter, read drawings, and keep the site tidy and safe"),
    _I("237310", ("Road & Bridge", "Civil Works"), (_BUILD, _MOVE), ("highway technician", "materials inspector"),
       "help set out a site, test concrete cylinders, and follow a repair from plan to inspection"),
    _I("238210", ("Electric", "Electrical Contractors"), (_BUILD, _ENERGY), ("electrician", "estimator"),
       "bend conduit and wire practice boards beside an electrician, and learn how a job is estimated"),
    _I("238220", ("Plumbing & Heating", "Heating and Cooling"), (_BUILD,), ("plumber", "heating technician"),
       "go along on service calls, lay out fittings, and learn to find out why a heating does not heat"),
    _I("311811", ("Bakery", "Bread Works"), (_GUESTS, _MAKE), ("baker", "pastry cook"),
       "scale, shape and bake with the early shift, and set up the counter"),
    _I("325620", ("Soap Works", "Soap & Candle Makers"), (_MAKE, _SELL), ("production chemist", "packaging lead"),
       "mix small batches by the recipe sheet, check quality, and plan a label with the owner"),
    _I("332710", ("Machine Shop", "Precision Machining"), (_MAKE,), ("machinist", "quality inspector"),
       "measure parts, set up a lathe beside a machinist, and read and change a simple program"),
    _I("336612", ("Boat Yard", "Boat Builders"), (_MAKE,), ("boat builder", "composite technician"),
       "fair, sand and varnish, fit hardware, and see a hull from drawing to launch"),
    _I("337110", ("Cabinet Shop", "Cabinetmakers"), (_MAKE, _BUILD), ("cabinetmaker", "shop draftsperson"),
       "draw a cabinet, cut its parts on supervised machines, and install it with the crew"),
    _I("424410", ("Grocery Supply", "Food Distributors"), (_MOVE, _SELL), ("inventory planner", "sales representative"),
       "count and plan stock, ride along on a delivery, and compare suppliers with the buyer"),
    _I("444240", ("Garden Center", "Farm & Garden Supply"), (_SELL, _FARM), ("garden center associate", "store buyer"),
       "help customers choose plants, plan a display, and follow what sells in a week"),
    _I("445110", ("Food Market", "Neighborhood Grocery"), (_SELL,), ("produce manager", "store manager"),
       "order and arrange produce, learn the numbers of one department, and plan a promotion"),
    _I("456110", ("Pharmacy", "Family Pharmacy"), (_HEALTH, _SELL), ("pharmacy technician", "pharmacist"),
       "keep stock in date, greet customers, and learn how a prescription is checked three times"),
    _I("459210", ("Books", "Bookshop"), (_SELL, _ARTS), ("bookseller", "events planner"),
       "recommend and shelve books, write shelf cards, and help run a reading"),
    _I("484110", ("Local Freight", "Cartage"), (_MOVE,), ("dispatcher", "freight coordinator"),
       "sit beside a dispatcher, plan a day of routes, and learn what a bill of lading says"),
    _I("485113", ("Transit", "Bus Lines"), (_MOVE, _SERVE), ("transit planner", "fleet mechanic"),
       "count riders on a line, propose a better timetable, and spend a day in the workshop"),
    _I("488330", ("Harbor Pilots", "Tug & Tow"), (_MOVE,), ("harbor dispatcher", "deckhand"),
       "follow arrivals on the radio log, learn knots and signals, and tour the boats with the crew"),
    _I("493110", ("Warehousing", "Storage & Fulfillment"), (_MOVE,), ("warehouse lead", "logistics analyst"),
       "receive, label and count goods, and find a faster way through the aisles from the data"),
    _I("513110", ("Courier", "Weekly Record"), (_ARTS, _SELL), ("reporter", "copy editor"),
       "go along to a story, take notes and photographs, and write a short piece that is printed"),
    _I("513210", ("Software", "App Studio"), (_DIGITAL,), ("software developer", "test engineer"),
       "fix a small fault in a real program with a developer, write its test, and show it to the team"),
    _I("516110", ("Community Radio", "Radio Collective"), (_ARTS, _DIGITAL), ("radio producer", "sound engineer"),
       "record and cut an interview, learn the mixing desk, and plan a half-hour program"),
    _I("522130", ("Credit Union", "Members Credit Union"), (_FINANCE,), ("member service associate", "loan officer"),
       "learn how an account is opened, build a budget lesson for young members, and follow a loan's steps"),
    _I("524210", ("Insurance Agency", "Insurance Advisors"), (_FINANCE, _SELL), ("insurance agent", "claims assistant"),
       "compare policies, follow an invented claim from call to payment, and update the office's guides"),
    _I("531210", ("Realty", "Homes & Realty"), (_SELL, _FINANCE), ("real estate agent", "listing coordinator"),
       "prepare a listing, measure rooms, and see how a price is found from recent sales"),
    _I("531311", ("Property Management", "Housing Cooperative"), (_MANAGE, _BUILD), ("property manager", "maintenance planner"),
       "plan repairs with the maintenance team, answer residents' letters, and keep the accounts of one house"),
    _I("541110", ("Law Office", "Legal Aid Office"), (_SERVE,), ("paralegal", "attorney"),
       "research one question of law, organize an exhibit, and watch a hearing with an attorney"),
    _I("541211", ("Accounting", "Tax & Bookkeeping"), (_FINANCE, _MANAGE), ("bookkeeper", "accountant"),
       "reconcile a practice ledger, learn what a receipt must say, and help at the free tax day"),
    _I("541310", ("Architecture", "Architects Workshop"), (_BUILD, _ARTS), ("architect", "model maker"),
       "build a model, measure an existing building, and draw one detail at full size"),
    _I("541330", ("Engineering", "Structural Engineers"), (_BUILD, _MAKE), ("civil engineer", "drafting technician"),
       "visit a site, trace how loads reach the ground, and draw a connection with a technician"),
    _I("541380", ("Testing Laboratory", "Soil & Water Laboratory"), (_ENERGY, _HEALTH), ("laboratory technician", "field sampler"),
       "collect and label samples, run a titration beside a technician, and write up the result"),
    _I("541430", ("Design Studio", "Sign & Print Studio"), (_ARTS, _SELL), ("graphic designer", "print technician"),
       "sketch a poster for a real event, learn color separation, and print it yourself"),
    _I("541512", ("Systems", "Network Services"), (_DIGITAL,), ("network technician", "help desk analyst"),
       "image and label computers, answer simple tickets with a technician, and draw the network's map"),
    _I("541810", ("Advertising", "Marketing Collective"), (_SELL, _ARTS), ("campaign planner", "copywriter"),
       "interview a client, write three versions of one sentence, and measure which one works"),
    _I(VETERINARY, ("Veterinary Clinic", "Small Animal Practice"), (_FARM, _HEALTH), ("veterinary assistant", "veterinarian"),
       "feed and walk animals, clean kennels, prepare rooms, and sit in on check-ups"),
    _I("551114", ("Holdings", "Regional Office"), (_MANAGE,), ("project coordinator", "human resources associate"),
       "sit in on a project meeting, keep its list of decisions, and help prepare interviews"),
    _I("561510", ("Travel", "Lake Tours"), (_GUESTS,), ("tour planner", "travel advisor"),
       "plan a weekend for invented guests, write its page, and lead one stop of a walking tour"),
    _I("561730", ("Landscapes", "Grounds & Gardens"), (_FARM, _BUILD), ("landscape gardener", "garden designer"),
       "plant, prune and mulch with the crew, and draw a small garden for a real yard"),
    _I("562920", ("Recycling", "Materials Recovery"), (_ENERGY, _MOVE), ("recycling educator", "plant operator"),
       "sort and weigh a sample of waste, tour the plant, and design a sign that people understand"),
    _I("611110", ("Elementary School", "Learning Center"), (_TEACH,), ("classroom assistant", "reading tutor"),
       "read with small groups, prepare materials, and plan one activity with the teacher"),
    _I("611610", ("Arts School", "Music School"), (_ARTS, _TEACH), ("teaching artist", "studio assistant"),
       "assist in a beginners' class, hang an exhibition, and keep the instrument library"),
    _I("621111", ("Family Health", "Community Health Practice"), (_HEALTH,), ("medical assistant", "nurse practitioner"),
       "greet patients, prepare rooms, learn to take a blood pressure, and see how a practice runs"),
    _I("621210", ("Dental", "Dental Care"), (_HEALTH,), ("dental assistant", "dental hygienist"),
       "set out instruments, learn how they are sterilized, and teach brushing to young patients"),
    _I("621340", ("Physical Therapy", "Rehabilitation"), (_HEALTH,), ("therapy aide", "physical therapist"),
       "set up exercises, count and encourage, and learn how progress is measured"),
    _I("623110", ("Nursing Home", "Senior Living"), (_HEALTH,), ("nursing assistant", "activities director"),
       "lead an activity, keep residents company at meals, and shadow the nursing team"),
    _I("624410", ("Child Care", "Nursery School"), (_TEACH, _HEALTH), ("early childhood educator", "kitchen and garden lead"),
       "play and read with three-year-olds, prepare snacks, and write an observation with a teacher"),
    _I("711110", ("Playhouse", "Theater Company"), (_ARTS,), ("stage manager", "lighting technician"),
       "run lines, hang and focus lights, and call cues at a rehearsal"),
    _I("712110", ("Maritime Museum", "Museum of Work"), (_ARTS, _TEACH), ("museum educator", "collections assistant"),
       "photograph and describe objects, lead a family tour, and build one small display"),
    _I("713940", ("Fitness", "Climbing & Fitness"), (_HEALTH, _GUESTS), ("fitness instructor", "front desk lead"),
       "assist in a youth class, check equipment, and learn how members are won and kept"),
    _I("721110", ("Inn", "Harbor Hotel"), (_GUESTS,), ("front desk associate", "housekeeping manager"),
       "welcome guests with the front desk, plan rooms for a wedding, and shadow each department"),
    _I("722320", ("Catering", "Events & Catering"), (_GUESTS, _MANAGE), ("event planner", "prep cook"),
       "cost a menu, prepare with the kitchen, and serve at a community supper"),
    _I("722511", ("Kitchen", "Supper House"), (_GUESTS,), ("line cook", "restaurant manager"),
       "prep vegetables, learn three stations, and work out what a dish must cost"),
    _I("811111", ("Auto Repair", "Garage"), (_MOVE, _MAKE), ("automotive technician", "service writer"),
       "inspect brakes and tires beside a technician, read fault codes, and explain a repair to a customer"),
    _I("812112", ("Hair Studio", "Salon"), (_SELL, _MANAGE), ("stylist", "salon owner"),
       "greet clients, learn the chemistry of color, and plan the bookings of a busy week"),
    _I("921190", ("Town Clerk's Annex", "Civic Data Office"), (_SERVE, _DIGITAL), ("records clerk", "civic data analyst"),
       "file and find public records, map one question about the town, and sit in on a council meeting"),
    _I("922160", ("Fire Company", "Volunteer Fire Department"), (_SERVE,), ("firefighter", "fire inspector"),
       "check hoses and tools, drill with the company, and learn how a building is inspected"),
    _I("925120", ("Planning Office", "Neighborhood Planning Board"), (_SERVE, _BUILD), ("town planner", "community organizer"),
       "count traffic, draw a street section, and collect neighbors' wishes at a public evening"),
    _I("813211", ("Youth Fund", "Community Foundation"), (_MANAGE, _SERVE), ("program officer", "grants assistant"),
       "read applications with a small jury, keep the calendar of grants, and plan an evening for donors"),
)
# fmt: on
