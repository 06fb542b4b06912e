"""Names of the demo community's people: made up here, of many cultures, of nobody in particular."""

from random import Random
from typing import NamedTuple


class Culture(NamedTuple):
    """Given and family names that go together, how common they are here, and the language of such a home."""

    share: int
    given: tuple[str, ...]
    family: tuple[str, ...]
    spanish: float = 0.0


class Name(NamedTuple):
    """What a person is called, and the language they prefer to read."""

    given: str
    family: str
    locale: str


def _culture(share: int, given: str, family: str, spanish: float = 0.0) -> Culture:
    return Culture(share, tuple(given.split()), tuple(family.split()), spanish)


CULTURES = (
    _culture(
        24,
        "Adriana Alondra Beatriz Camilo Catalina Dulce Efraín Esteban Fernanda Gael Guadalupe Hugo Itzel Joaquín"
        " Karina Leonel Lourdes Maricela Matías Nayeli Octavio Paloma Ramiro Rocío Santiago Tomás Valeria Ximena",
        "Aguirre Arriaga Barrientos Cadena Carvajal Cervantes Cisneros Duarte Escamilla Figueroa Galindo Huerta"
        " Ibarra Lucero Macías Montaño Navarrete Ochoa Palacios Pedraza Quiroga Rentería Saldaña Tovar Urbina Zamora",
        spanish=0.6,
    ),
    _culture(
        16,
        "Aaliyah Andre Brielle Camille Darius Deja Denise Elijah Imani Isaiah Jada Jalen Kendra Keyshawn Latrice"
        " Malik Marcus Monique Nia Quentin Renee Simone Terrence Tiana Trevon Xavier",
        "Battle Bolden Broussard Cheeks Dandridge Eubanks Gaines Hairston Hightower Ivory Jessup Kimbrough Lockett"
        " Mayfield Merriweather Nettles Pettway Rainey Satterfield Teasley Upshaw Whitfield",
    ),
    _culture(
        15,
        "Abigail Caleb Claire Colin Emmett Erin Faye Garrett Hannah Hazel Ian Jonah Kathleen Laurel Leah Micah Nora"
        " Owen Paige Quinn Rhys Rosalind Seth Tessa Wesley Wren",
        "Ashdown Birchard Colegrove Drummond Easterling Fairbrother Garvey Hollister Inman Kerrigan Lathrop"
        " Mapplebeck Norcross Oakes Pemberly Ridgeway Stanhope Thackery Underhill Vickery Wetherby Yarrow",
    ),
    _culture(
        6,
        "Agnieszka Bartosz Dorota Ewa Grzegorz Halina Jacek Kasia Lidia Marek Oleksandr Olena Piotr Roksolana Stefan"
        " Taras Wanda Yaryna Zofia",
        "Bielak Cichosz Dudek Fedorchuk Gawron Hrytsenko Jarosz Kovalyk Lisowski Marchuk Nowicki Ostapenko Piekarz"
        " Sobczak Tymchuk Wojtas Zielak",
    ),
    _culture(
        7,
        "Abena Adaeze Ama Chidi Chinwe Efua Emeka Ifeoma Kelechi Kofi Kwame Ngozi Nkechi Obinna Temitope Tunde Yaa"
        " Yewande Zainab",
        "Adeyinka Agyeman Amoako Asante Boateng Chukwuma Danquah Ezenwa Folarin Nwachukwu Obiora Ofori Ogunleye Okonjo"
        " Onyekachi Osei Uzoma",
    ),
    _culture(
        6,
        "Abdi Amina Ayaan Bilal Dalmar Deka Farah Fartun Hodan Idil Khadija Liban Mahad Nasra Sagal Selam Tesfaye"
        " Tigist Yonas Zahra",
        "Abdullahi Abshir Bekele Dahir Demissie Elmi Farole Gebru Guled Haile Jama Kassim Mekonnen Nuur Omar Samatar"
        " Tadesse Warsame Worku",
    ),
    _culture(
        6,
        "Amal Bassam Dalia Fadi Hala Hanan Ibtisam Jamil Karim Layla Maha Nadim Nour Rami Rasha Samir Tariq Wafa Yasmin"
        " Ziad",
        "Awad Barakat Dabbagh Farhoud Ghanem Habash Jaber Kanaan Khalidi Mansour Nasrallah Qasem Rahhal Sabbagh Shaheen"
        " Tannous Zaitoun",
    ),
    _culture(
        6,
        "Aarav Ananya Asha Devika Farhan Gauri Harpreet Ishaan Jaspreet Kavya Lakshmi Meera Nikhil Parveen Rohan Sadia"
        " Sunita Tanvir Usha Vikram",
        "Acharya Bhuiyan Chaudhary Dhaliwal Gokhale Hossain Iyengar Joshi Kulkarni Mahmood Nambiar Pillai Qureshi"
        " Rahman Sandhu Talukdar Vaidya",
    ),
    _culture(
        4,
        "An Bao Chen Fang Hui Jia Jun Lan Lei Li Mei Ning Qing Rui Shu Ting Wei Xin Yan Ying",
        "Cai Deng Fan Gao Han Hou Jiang Kong Liao Luo Meng Pan Qiu Ren Shen Song Tang Xie Yuan Zeng",
    ),
    _culture(
        4,
        "Anh Binh Chau Diep Giang Hanh Hieu Khanh Khoa Lien Linh Long My Ngoc Phuc Quynh Thao Thuy Trang Vinh",
        "Banh Cao Dang Dinh Doan Duong Hoang Huynh Lam Luong Ly Mai Ngo Phung Quach Ta To Truong Vo Vuong",
    ),
    _culture(
        3,
        "Bee Chee Gao Hli Kalia Kaying Kong Mai Nkauj Npaj Pa Pao Paj Sheng Tou True Tswv Xeng Yer Zoua",
        "Chang Cheng Fang Hang Her Khang Kue Lee Lo Moua Phang Thao Vang Vue Xiong Yang",
    ),
    _culture(
        3,
        "Alma Benjie Corazon Dalisay Efren Flordeliza Gregorio Imelda Jericho Ligaya Luzviminda Marikit Noel Rizalina"
        " Rodel Tala Wilma",
        "Abrenica Bautista Capistrano Dimaculangan Evangelista Gatdula Ilagan Lacsamana Macaraeg Natividad Panganiban"
        " Quiambao Salonga Tolentino",
    ),
)

_WEIGHTS = [culture.share for culture in CULTURES]


def pick_culture(random: Random) -> Culture:
    """Choose a culture as common as it is here."""
    return random.choices(CULTURES, _WEIGHTS)[0]


def pick_name(random: Random, culture: Culture | None = None, family: str | None = None) -> Name:
    """Choose a name; with a family name given, only the given name and the language are chosen."""
    home = culture or pick_culture(random)
    return Name(
        random.choice(home.given),
        family or random.choice(home.family),
        "es" if random.random() < home.spanish else "en",
    )


_PLAIN = str.maketrans("áéíóúñüç", "aeiounuc")


def mailbox(name: Name) -> str:
    """Return the part of an address before the @, in plain letters."""
    return f"{name.given}.{name.family}".lower().translate(_PLAIN).replace(" ", "")
